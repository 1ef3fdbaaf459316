import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../../src/adapters/yaml/config-file.ts';
import { loadConfig } from '../../../src/adapters/yaml/load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-config-file-'));
const socket = createServer();

beforeAll(async () => {
  mkdirSync(join(folder, 'folder'));
  spawnSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  symlinkSync('circle', join(folder, 'circle'));
  writeFileSync(join(folder, 'full'), ' '.repeat(MAX_FILE_BYTES));
  writeFileSync(join(folder, 'large'), ' '.repeat(MAX_FILE_BYTES + 1));
  writeFileSync(join(folder, 'latin1'), Buffer.from('data_dir: caf\xe9', 'latin1'));
  writeFileSync(join(folder, 'utf16'), Buffer.from('\ufeffdata_dir: x', 'utf16le'));
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
  ['latin1', 'is not UTF-8 text; expected YAML in UTF-8'],
  ['utf16', 'is not UTF-8 text; expected YAML in UTF-8'],
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

test('a device without an end is refused before it is read', () => {
  expect(() => loadConfig({ file: '/dev/zero' })).toThrow('/dev/zero: is a device; expected a file');
});

test.each(['full', 'link'])('a file of the largest size is read: %s', (name) => {
  expect(loadConfig({ file: join(folder, name), environment: { HOME: '/h' } }).config.dataDir).toBe(
    '/h/.local/state/shoal',
  );
});
