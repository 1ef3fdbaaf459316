import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shoal, shoalDone } from './shoal-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-hostile-files-'));
});

afterAll(() => rm(folder, { recursive: true }));

const bomb = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n    ');

/** What is wrong with the file, its bytes, and where and what is said. */
const HOSTILE: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['10 MB', ' '.repeat(10_000_000), /^[^:]+: is larger than 1 MiB; expected at most 1048576 bytes$/],
  [
    'an alias bomb',
    `worker_types:\n- name: a\n  plugin: b\n  options:\n    a0: &a0 [x, x]\n    ${bomb}`,
    /:\d+:\d+ worker_types\[0\]\.options\..*: is one value too many, aliases counted as often as they are used/,
  ],
  ['brackets in brackets', '['.repeat(100_000), /:1:65: is nested too deeply; expected at most 64 levels$/],
  [
    'blocks in blocks',
    Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    /:\d+:\d+: is nested too deeply; expected at most 64 levels$/,
  ],
  [
    '40,000 keys',
    Array.from({ length: 40_000 }, (_, at) => `k${at}: 1`).join('\n'),
    /:\d+:\d+: has too many values; expected at most 100000 tokens$/,
  ],
  ['NUL', 'http: {}\n\0', /:2:1: holds a NUL byte; expected text$/],
  ['no UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff]), /:1:4: is not UTF-8 text; expected YAML in UTF-8$/],
  ['two documents', 'http: {}\n---\nhttp: {}', /:2:1: a second document begins here; expected one in a file$/],
  ['a key twice', 'http: {}\nhttp: {}', /:2:1 http: is written twice, first in line 1; expected once$/],
  ['a tab', 'http:\n\tlisten: x', /:2:1: Tabs are not allowed as indentation; expected spaces/],
  ['__proto__', '__proto__: { polluted: 1 }', /:1:1 __proto__: is not a known key/],
  ['constructor', 'constructor: { prototype: {} }', /:1:1 constructor: is not a known key; expected one of /],
  ['an unknown tag', 'data_dir: !secret x', /:1:11: Unresolved tag: !secret; expected a value without a tag$/],
  ['a merge key', '<<: { http: {} }', /:1:1 \["<<"\]: is not a known key/],
  [
    'a typo after a byte order mark and CRLF',
    '\ufeffhttp:\r\n  lisen: x\r\n',
    /:2:3 http\.lisen: .*did you mean `listen`\?$/,
  ],
];

test.concurrent.each(HOSTILE)('%s: one clear line with its place, and 78', async (name, bytes, says) => {
  const file = join(folder, `${name.replace(/\W/g, '-')}.yaml`);
  await writeFile(file, bytes);
  const { exitCode, stdout, stderr } = await shoal(['config', 'check', '--offline', file]);
  expect([exitCode, stdout]).toEqual([78, '']);
  expect(stderr.split('\n')).toEqual([expect.stringMatching(says), '']);
  expect(stderr.startsWith(file)).toBe(true);
});

test('what only looks like a file is refused at once', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  for (const [file, says] of [
    [pipe, 'is a named pipe; expected a file'],
    [folder, 'is a folder; expected a file'],
    ['/dev/zero', 'is a device; expected a file'],
    [join(folder, 'none.yaml'), 'does not exist; expected a configuration file'],
  ] as const) {
    expect(await shoal(['config', 'check', '--offline', file])).toMatchObject({
      exitCode: 78,
      stdout: '',
      stderr: `${file}: ${says}\n`,
    });
  }
});

test('a secret in a file for everybody is refused with the cure, which helps', async () => {
  const file = join(folder, 'secret.yaml');
  const types =
    'worker_types: [{ name: a, plugin: executable, options: { executable: x, env: { API_TOKEN: hunter2 } } }]';
  await writeFile(file, types);
  await chmod(file, 0o644);
  const { exitCode, stderr } = await shoal(['config', 'check', '--offline', file]);
  expect([exitCode, stderr]).toEqual([78, expect.stringContaining(`chmod 600 ${file}`)]);
  expect(stderr).not.toContain('hunter2');
  await chmod(file, 0o600);
  expect(await shoalDone(['config', 'check', '--offline', file])).toBe(`${file} is valid\n`);
});
