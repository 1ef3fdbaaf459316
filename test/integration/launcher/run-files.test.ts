import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrivateRunFiles } from '../../../src/adapters/process/private-run-files.ts';
import { parseWorkerId, type WorkerId } from '../../../src/domain/ids.ts';

const WORKER = parseWorkerId('w1');
const JSON_CONFIG = { bytes: Buffer.from('{"fish":3}'), contentType: 'application/json' };

describe('the files of a run', () => {
  let dataDir: string;
  let files: PrivateRunFiles;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'shoal-run-'));
    files = new PrivateRunFiles(join(dataDir, 'data'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const folder = () => join(dataDir, 'data/run/w1');

  it('are for their worker’s user alone, whatever the umask', async () => {
    const before = process.umask(0);
    const { configFile, snapshotDir } = await files.prepare(WORKER, JSON_CONFIG).finally(() => process.umask(before));
    expect(configFile).toBe(join(folder(), 'config.json'));
    expect(readFileSync(configFile, 'utf8')).toBe('{"fish":3}');
    expect(snapshotDir).toBe(join(folder(), 'snapshots'));
    expect([join(dataDir, 'data/run'), folder(), snapshotDir, configFile].map(mode)).toEqual([
      '700',
      '700',
      '700',
      '600',
    ]);
  });

  it.each([
    ['application/json', 'config.json'],
    ['application/json; charset=utf-8', 'config.json'],
    ['application/x+json', 'config.json'],
    ['application/octet-stream', 'config'],
    ['application/jsonish', 'config'],
    ['', 'config'],
  ])('a configuration of type %j is %s, byte for byte', async (contentType, name) => {
    const bytes = Uint8Array.from([0, 255, 10, 13]);
    const { configFile } = await files.prepare(WORKER, { bytes, contentType });
    expect(configFile).toBe(join(folder(), name));
    expect(new Uint8Array(readFileSync(configFile))).toEqual(bytes);
  });

  it('hold nothing unfinished, and are prepared again without harm', async () => {
    await files.prepare(WORKER, JSON_CONFIG);
    const { configFile } = await files.prepare(WORKER, { ...JSON_CONFIG, bytes: Buffer.from('{}') });
    expect(readFileSync(configFile, 'utf8')).toBe('{}');
    expect(readdirSync(folder()).sort()).toEqual(['config.json', 'snapshots']);
  });

  it('are never written through a link that somebody put there', async () => {
    const elsewhere = join(dataDir, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(dataDir, 'data/run'), { recursive: true });
    symlinkSync(elsewhere, folder());
    await expect(files.prepare(WORKER, JSON_CONFIG)).rejects.toThrow(/not a folder of Shoal's own/);
    expect(readdirSync(elsewhere)).toEqual([]);

    rmSync(folder());
    mkdirSync(folder());
    writeFileSync(join(elsewhere, 'target'), 'untouched');
    symlinkSync(join(elsewhere, 'target'), join(folder(), 'config.json'));
    await files.prepare(WORKER, JSON_CONFIG);
    expect(readFileSync(join(elsewhere, 'target'), 'utf8')).toBe('untouched');
    expect(readFileSync(join(folder(), 'config.json'), 'utf8')).toBe('{"fish":3}');
  });

  it('are removed with all that the worker left in them, and nothing that links lead to', async () => {
    const { snapshotDir } = await files.prepare(WORKER, JSON_CONFIG);
    await files.prepare(parseWorkerId('w2'), JSON_CONFIG);
    const elsewhere = join(dataDir, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'kept'), 'kept');
    symlinkSync(elsewhere, join(snapshotDir, 'link'));
    mkdirSync(join(snapshotDir, 'deep/er'), { recursive: true });
    writeFileSync(join(snapshotDir, 'deep/er/file'), 'x');
    chmodSync(join(snapshotDir, 'deep/er'), 0o500);
    chmodSync(join(snapshotDir, 'deep'), 0o000);
    await files.remove(WORKER);
    expect(existsSync(folder())).toBe(false);
    expect(readdirSync(join(dataDir, 'data/run'))).toEqual(['w2']);
    expect(readFileSync(join(elsewhere, 'kept'), 'utf8')).toBe('kept');
  });

  it('may be removed twice, before they are there, and as a link', async () => {
    await files.remove(WORKER);
    await files.prepare(WORKER, JSON_CONFIG);
    await files.remove(WORKER);
    await files.remove(WORKER);
    const elsewhere = join(dataDir, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, folder());
    await files.remove(WORKER);
    expect(existsSync(elsewhere)).toBe(true);
    expect(existsSync(folder())).toBe(false);
  });

  it.each(['..', '.', '../x', 'a/b', '', '/etc'])('an id %j that a path could escape by is refused', async (id) => {
    await expect(files.prepare(id as WorkerId, JSON_CONFIG)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(files.remove(id as WorkerId)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
