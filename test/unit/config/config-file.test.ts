import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../../src/adapters/yaml/config-file.ts';
import { loadConfig } from '../../../src/adapters/yaml/load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-config-file-'));
const socket = createServer();
const NOBODY = 65_534;

beforeAll(async () => {
  mkdirSync(join(folder, 'folder'));
  spawnSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  symlinkSync('circle', join(folder, 'circle'));
  writeFileSync(join(folder, 'full'), ' '.repeat(MAX_FILE_BYTES));
  writeFileSync(join(folder, 'large'), ' '.repeat(MAX_FILE_BYTES + 1));
  writeFileSync(join(folder, 'huge'), ' '.repeat(10 * MAX_FILE_BYTES));
  writeFileSync(join(folder, 'latin1'), Buffer.from('# é\ndata_dir: caf\xe9', 'latin1'));
  writeFileSync(
    join(folder, 'mixed'),
    Buffer.concat([Buffer.from('# é\n# \ufffd\ndata_dir: caf'), Buffer.from([0xe9])]),
  );
  writeFileSync(join(folder, 'utf16'), Buffer.from('\ufeffdata_dir: x', 'utf16le'));
  writeFileSync(join(folder, 'cut'), Buffer.from('data_dir: é').subarray(0, -1));
  writeFileSync(join(folder, 'closed'), 'data_dir: x', { mode: 0 });
  symlinkSync('full', join(folder, 'link'));
  await new Promise<void>((resolve) => socket.listen(join(folder, 'socket'), resolve));
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true });
});

test.each([
  ['missing', 'does not exist; expected a configuration file'],
  ['folder', 'is a folder; expected a file'],
  ['pipe', 'is a named pipe; expected a file'],
  ['socket', 'is a socket; expected a file'],
  ['circle', 'is a link that leads back to itself; expected a file'],
  ['full/below', 'goes through a file as if it were a folder; expected a configuration file'],
  ['a\0b', 'has a name that no file can have; expected a configuration file'],
  ['x'.repeat(300), 'has too long a name; expected a configuration file'],
  ['large', 'is larger than 1 MiB; expected at most 1048576 bytes'],
  ['huge', 'is larger than 1 MiB; expected at most 1048576 bytes'],
])('%j is refused at once', (name, message) => {
  const file = join(folder, name);
  expect(() => loadConfig({ file })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: `${file.replace('\0', '\\u{0}')}: ${message}`,
      problems: [expect.objectContaining({ line: 0, column: 0, path: '' })],
    }),
  );
});

test.each([
  ['latin1', '1:3'],
  ['mixed', '3:14'],
  ['utf16', '1:1'],
  ['cut', '1:11'],
])('what is no UTF-8 in %s is refused where it stands, at %s', (name, place) => {
  const file = join(folder, name);
  expect(() => loadConfig({ file })).toThrow(`${file}:${place}: is not UTF-8 text; expected YAML in UTF-8`);
});

test('a file that this user may not read is refused', () => {
  const file = join(folder, 'closed');
  expect(() => asNobody(() => loadConfig({ file }))).toThrow(
    `${file}: may not be read by this user; expected a readable file`,
  );
});

test('a mark at the beginning is no part of the text, and lines may end as on Windows', () => {
  const file = join(folder, 'windows');
  writeFileSync(file, '\ufeffdata_dir: /x\r\nhttp:\r\n  listen: "127.0.0.1:1"\r\n');
  expect(loadConfig({ file }).config).toMatchObject({ dataDir: '/x', http: { listen: '127.0.0.1:1' } });
  writeFileSync(file, '\ufeffdata_dir: /x\r\nhttp:\r\n  lisen: 1\r\n');
  expect(() => loadConfig({ file })).toThrow(`${file}:3:3 http.lisen: is not a known key; did you mean \`listen\`?`);
  writeFileSync(file, '\ufeffgrcp: 1');
  expect(() => loadConfig({ file })).toThrow(`${file}:1:1 grcp:`);
});

/** Root may read everything: its place is taken by a user that may not. */
function asNobody<T>(act: () => T): T {
  const { getuid = () => 1, seteuid } = process;
  if (getuid() !== 0 || seteuid === undefined) return act();
  chmodSync(folder, 0o755);
  seteuid(NOBODY);
  try {
    return act();
  } finally {
    seteuid(0);
  }
}

test('a device without an end is refused before it is read', () => {
  expect(() => loadConfig({ file: '/dev/zero' })).toThrow('/dev/zero: is a device; expected a file');
});

test.each(['full', 'link'])('a file of the largest size is read: %s', (name) => {
  expect(loadConfig({ file: join(folder, name), environment: { HOME: '/h' } }).config.dataDir).toBe(
    '/h/.local/state/shoal',
  );
});
