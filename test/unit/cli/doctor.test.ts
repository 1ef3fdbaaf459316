import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { examineDataFolder } from '../../../src/cli/doctor/data-folder.ts';
import { examineNode, examineOpenFiles, examineProc } from '../../../src/cli/doctor/system.ts';
import { isAtLeast } from '../../../src/cli/probes/version-order.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['2.9.10', '2.9.10', true],
  ['2.9.9', '2.9.10', false],
  ['2.10.0', '2.9.10', true],
  ['2.10.27-beta.1', '2.9.10', true],
  ['v22.13.0', '22.13.0', true],
  ['v22.12.9', '22.13.0', false],
  ['v24.0', '22.13.0', true],
  ['unknown', '2.9.10', false],
])('%s is at least %s: %j', (version, wanted, expected) => {
  expect(isAtLeast(version, wanted)).toBe(expected);
});

test('a Node that is too old fails', () => {
  expect(examineNode('v22.12.0')).toMatchObject({ status: 'fail', cure: expect.stringContaining('22.13') });
  expect(examineNode('v22.13.0')).toMatchObject({ status: 'ok' });
});

test('a machine without /proc can do less', () => {
  expect(examineProc(join(folder, 'no-proc'))).toMatchObject({
    status: 'warn',
    cure: expect.stringContaining('mount'),
  });
});

test.each([
  ['Max open files            1024                 1024                 files', 'ok'],
  ['Max open files            unlimited            unlimited            files', 'ok'],
  ['Max open files            300                  4096                 files', 'warn'],
  ['', 'warn'],
])('room for open files, by %j: %s', (limits, status) => {
  const limitsOf = (maxWorkers: number) => ({ limits: { maxWorkers } }) as never;
  const config = { workerTypes: [limitsOf(64), limitsOf(36)], limits: { maxSimulations: 1000 } as never };
  expect(examineOpenFiles(config, limits)).toMatchObject({ status });
  expect(examineOpenFiles({ ...config, limits: { maxSimulations: 10 } as never }, limits)).toMatchObject({
    status: limits === '' ? 'warn' : 'ok',
  });
});

test('a data folder can be written, or made, or neither', async () => {
  expect(await examineDataFolder(folder)).toMatchObject({ status: 'ok', message: `${folder} can be written` });
  const below = join(folder, 'a', 'b');
  expect(await examineDataFolder(below)).toMatchObject({ status: 'ok', message: `${below} can be made` });
  expect(await examineDataFolder('/dev/null/x')).toMatchObject({ status: 'fail' });
  expect(await examineDataFolder('/proc/shoal')).toMatchObject({ status: 'fail' });
  expect(readdirSync(folder)).toEqual([]);
});
