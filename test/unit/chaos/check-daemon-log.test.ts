import { expect, test } from 'vitest';
import { checkDaemonLog } from '../../chaos/checker/check-daemon-log.ts';

test('an error in the log of the daemon is found, with where it was thrown; a warning is none', () => {
  const err = { message: 'x is not defined', stack: 'ReferenceError: x\n    at file:///shoal/src/a.ts:1:2' };
  const lines = [
    { level: 40, msg: 'worker failed' },
    { level: 50, msg: 'a call failed', method: 'RegisterWorker', err },
    { level: 60, msg: 'fatal' },
  ];
  expect(checkDaemonLog(lines)).toEqual([
    'the daemon logged an error: a call failed; x is not defined; at file:///shoal/src/a.ts:1:2; {"level":50,"method":"RegisterWorker"}',
    'the daemon logged an error: fatal; {"level":60}',
  ]);
});
