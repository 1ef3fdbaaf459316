import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { invocationFolder } from '../../../src/cli/invocation-folder.ts';

const OURS = { npm_lifecycle_event: 'shoal', npm_package_json: resolve('package.json'), INIT_CWD: tmpdir() };

test('paths are those of the folder in which `npm run shoal` was typed', () => {
  expect(invocationFolder(OURS)).toBe(tmpdir());
});

test.each([
  ['without npm', { INIT_CWD: tmpdir() }],
  ['in another script of ours', { ...OURS, npm_lifecycle_event: 'test' }],
  ['in a script of another package', { ...OURS, npm_package_json: '/elsewhere/package.json' }],
  ['with an npm that does not tell', { ...OURS, INIT_CWD: undefined }],
  ['from a folder that has gone', { ...OURS, INIT_CWD: join(tmpdir(), 'no-such-folder') }],
])('%s the working directory counts', (_, environment) => {
  expect(invocationFolder(environment)).toBeUndefined();
});
