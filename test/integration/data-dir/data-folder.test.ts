import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFolder } from '../../../src/adapters/sqlite/data-folder.ts';
import { spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { startDaemon } from '../../support/daemon/in-process-daemon.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'shoal-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const dataFolder = (folder: string, more: object = {}) => new DataFolder({ folder, version: '1.2.3', ...more });

describe('the data folder', () => {
  test('is made for its user alone, and says who holds it', async () => {
    const path = join(parent, 'state', 'shoal');
    const folder = dataFolder(path);
    await folder.start();
    await folder.start();
    folder.tellHolder({ clients: '127.0.0.1:1' });
    const names = ['', 'lock.db', 'daemon.json'];
    expect(names.map((name) => mode(join(path, name)))).toEqual(['700', '600', '600']);
    expect(JSON.parse(readFileSync(join(path, 'daemon.json'), 'utf8'))).toEqual({
      pid: process.pid,
      host: hostname(),
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      version: '1.2.3',
      addresses: { clients: '127.0.0.1:1' },
    });
    await folder.stop();
    await folder.stop();
  });

  test('is held by one at a time, who is named; once let go, it is free', async () => {
    const first = dataFolder(parent);
    await first.start();
    first.tellHolder({ clients: '127.0.0.1:7' });
    const second = dataFolder(parent);
    const refusal = `data_dir: ${parent} is held by the Shoal 1.2.3 daemon with pid ${process.pid} on ${hostname()}, running since `;
    await expect(second.start()).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining(refusal),
    });
    await expect(second.start()).rejects.toThrow('clients reach it at 127.0.0.1:7; use that one, stop it, or name');
    await first.stop();
    await second.start();
    await second.stop();
  });

  test('is free once let go, also when the note about its holder cannot be removed', async () => {
    const note = join(parent, 'daemon.json');
    const first = dataFolder(parent);
    await first.start();
    rmSync(note);
    mkdirSync(note);
    await expect(first.stop()).rejects.toThrow('daemon.json');
    const second = dataFolder(parent);
    await expect(second.start()).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    rmSync(note, { recursive: true });
    await second.start();
    await second.stop();
  });

  test.each(['', '{', '[]', '{"pid":"1"}', 'null'])('a note of %j says nothing, and holds nothing', async (note) => {
    const first = dataFolder(parent);
    await first.start();
    writeFileSync(join(parent, 'daemon.json'), note);
    await expect(dataFolder(parent).start()).rejects.toThrow('is held by another daemon; use that one');
    await first.stop();
    writeFileSync(join(parent, 'daemon.json'), note);
    const second = dataFolder(parent);
    await second.start();
    await second.stop();
  });

  test.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
  ])('on the network file system %i is refused by its name', async (type, name) => {
    await expect(dataFolder(parent, { fileSystemOf: () => type }).start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`is on a network file system (${name})`),
    });
  });

  test('that cannot be is refused as a mistake of the configuration', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(dataFolder(join(parent, 'file', 'state')).start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/data_dir: cannot write to .*file\/state: ENOTDIR/),
    });
  });

  test('with a lock that is no lock says to remove it', async () => {
    writeFileSync(join(parent, 'lock.db'), 'no lock\n'.repeat(200));
    await expect(dataFolder(parent).start()).rejects.toThrow('lock.db cannot be locked: it is no database; remove it');
  });
});

test('a second daemon is refused while the first runs, also one of its own kind without durability', async () => {
  await using first = await startDaemon({});
  const files = { configFile: join(first.folder, 'shoal.yaml'), folder: first.folder };
  const shared = { ...files, [Symbol.asyncDispose]: async () => {} };
  await expect(spawnDaemon({}, shared)).rejects.toThrow(/"code":1[\s\S]*is held by the Shoal [\d.]+ daemon with pid/);
  expect((await first.client.info()).messagingAdapter).toBe('memory');
});

test('what a daemon that was killed has held is free at once', async () => {
  await using files = await writeConfig({});
  const first = await spawnDaemon({}, files);
  first.kill('SIGKILL');
  await first.exited();
  await using second = await spawnDaemon({}, files);
  expect(JSON.parse(readFileSync(join(files.folder, 'data', 'daemon.json'), 'utf8'))).toMatchObject({
    pid: second.pid,
    addresses: { clients: second.addresses.clients, workers: second.addresses.workers },
  });
  await first[Symbol.asyncDispose]();
});
