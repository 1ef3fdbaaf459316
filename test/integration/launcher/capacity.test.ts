import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { spawnError } from '../../../src/adapters/process/launch-check.ts';
import { ProcessHarness } from '../../contract/launcher/process-harness.ts';

describe('a machine that refuses another process', () => {
  it.each(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])('%s is CAPACITY_EXHAUSTED', (code) => {
    const error = spawnError(Object.assign(new Error(code), { code }), new ProcessHarness().shell(''));
    expect(error).toMatchObject({ code: 'CAPACITY_EXHAUSTED', message: expect.stringContaining(code) });
  });

  it('a daemon out of file descriptors refuses one launch and goes on', () => {
    const script = new URL('../../support/launcher/launch-until-refused.ts', import.meta.url).pathname;
    const out = execFileSync('/bin/sh', ['-c', 'ulimit -n 64; exec "$0" -C source "$1"', process.execPath, script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(out)).toEqual({
      launchedSome: true,
      refusedWith: 'CAPACITY_EXHAUSTED',
      launchedAfterwards: true,
    });
  });
});
