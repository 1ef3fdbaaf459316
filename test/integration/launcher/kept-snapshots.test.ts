import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptSnapshots } from '../../../src/adapters/process/kept-snapshots.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';

const REEF = parseSimulationId('reef');

describe('the snapshots of a simulation', () => {
  let dataDir: string;
  let snapshots: KeptSnapshots;
  let folder: string;
  const write = (name: string, atSeconds: number, text = 'state') => {
    const path = join(folder, name);
    writeFileSync(path, text);
    utimesSync(path, atSeconds, atSeconds);
    return path;
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'shoal-snapshots-'));
    snapshots = new KeptSnapshots(dataDir);
    folder = await snapshots.prepare(REEF, true);
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  test('are in a folder of its own, for the user of the daemon alone', () => {
    expect(folder).toBe(join(dataDir, 'snapshots/reef'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'snapshots')).mode & 0o777).toBe(0o700);
  });

  test('outlive a worker, and what was left under the same id long ago is gone', async () => {
    const path = write('one', 1);
    await snapshots.prepare(REEF, false);
    expect(existsSync(path)).toBe(true);
    await snapshots.prepare(REEF, true);
    expect(existsSync(path)).toBe(false);
  });

  test('are found by the name that was acknowledged, absolute too, before any newer one', async () => {
    const one = write('one', 1);
    write('two', 2);
    expect(await snapshots.find(REEF, { ref: 'one' })).toBe(one);
    expect(await snapshots.find(REEF, { ref: one })).toBe(one);
  });

  test('are nothing that cannot be read as a file, though it was acknowledged', async () => {
    const one = write('one', 1);
    mkdirSync(join(folder, 'folder'));
    symlinkSync('nowhere', join(folder, 'broken'));
    for (const ref of ['folder', '.', '/', '/dev/zero', 'broken', 'one/two', 'one\0'])
      expect(await snapshots.find(REEF, { ref })).toBe(one);
  });

  test('are followed where what was acknowledged is a link, and outside of the folder too', async () => {
    write('newer', 2);
    const elsewhere = join(dataDir, 'elsewhere');
    writeFileSync(elsewhere, 'state');
    symlinkSync(elsewhere, join(folder, 'latest'));
    expect(await snapshots.find(REEF, { ref: 'latest' })).toBe(join(folder, 'latest'));
    expect(await snapshots.find(REEF, { ref: elsewhere })).toBe(elsewhere);
  });

  test('are else the newest file that is complete', async () => {
    expect(await snapshots.find(REEF, {})).toBeUndefined();
    write('one', 1);
    const two = write('two', 2);
    write('three.tmp', 3);
    write('three.part', 3);
    write('.three', 3);
    write('empty', 3, '');
    mkdirSync(join(folder, 'folder'));
    symlinkSync('/etc/passwd', join(folder, 'link'));
    expect(await snapshots.find(REEF, {})).toBe(two);
    expect(await snapshots.find(REEF, { ref: 'gone' })).toBe(two);
  });

  test('are of no use when they are from before a reset', async () => {
    write('one', 1);
    expect(await snapshots.find(REEF, { sinceMs: 1_001 })).toBeUndefined();
    expect(await snapshots.find(REEF, { sinceMs: 1_000 })).toBe(join(folder, 'one'));
  });

  test('are removed with all that is in them, twice without harm', async () => {
    write('one', 1);
    await snapshots.remove(REEF);
    await snapshots.remove(REEF);
    expect(existsSync(folder)).toBe(false);
    expect(await snapshots.find(REEF, {})).toBeUndefined();
  });
});
