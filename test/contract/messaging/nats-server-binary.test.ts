import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookUpNatsServer } from '../../../src/adapters/nats/nats-server-binary.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-lookup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function executable(...path: string[]): Promise<string> {
  const file = join(folder, ...path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '');
  await chmod(file, 0o755);
  return file;
}

test('NATS_SERVER_BIN comes before PATH', async () => {
  const named = await executable('special');
  const inPath = await executable('bin', 'nats-server');
  const environment = { NATS_SERVER_BIN: named, PATH: join(inPath, '..') };
  expect(lookUpNatsServer(environment)).toEqual({ path: named, source: 'NATS_SERVER_BIN' });
});

test('the first executable in PATH is taken; folders and plain files of that name are not', async () => {
  await mkdir(join(folder, 'a', 'nats-server'), { recursive: true });
  await mkdir(join(folder, 'b'));
  await writeFile(join(folder, 'b', 'nats-server'), '');
  const wanted = await executable('c', 'nats-server');
  await executable('d', 'nats-server');
  const PATH = ['', ...['a', 'b', 'c', 'd'].map((name) => join(folder, name))].join(delimiter);
  expect(lookUpNatsServer({ PATH })).toEqual({ path: wanted, source: 'PATH' });
});

test('without one the answer is undefined', () => {
  expect(lookUpNatsServer({ PATH: folder, NATS_SERVER_BIN: '' })).toBeUndefined();
  expect(lookUpNatsServer({})).toBeUndefined();
});

test('a NATS_SERVER_BIN that cannot be executed is an error, not a reason to take another', async () => {
  const inPath = await executable('bin', 'nats-server');
  const environment = { NATS_SERVER_BIN: join(folder, 'missing'), PATH: join(inPath, '..') };
  expect(() => lookUpNatsServer(environment)).toThrow(/^NATS_SERVER_BIN: /);
});
