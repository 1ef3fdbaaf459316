import { backoffMs } from '../../domain/supervision/backoff.ts';
import { type Report, validValue } from './checked-values.ts';
import type { ConfigNode } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';

/** A worker is ended when its tick has stood for so many times `stall_timeout`. */
const STALLS_UNTIL_ENDED = 2;

/** The times of one worker type's restarts against each other. @param type the path of the worker type */
export function checkRestarts(root: ConfigNode, type: ConfigPath, report: Report): void {
  const at = (...keys: string[]) => [...type, 'restart', ...keys];
  const initial = validValue<number>(root, at('backoff', 'initial'));
  const max = validValue<number>(root, at('backoff', 'max'));
  if (initial !== undefined && max !== undefined && initial > max) {
    report(at('backoff', 'initial'), `is longer than max, which is ${max} ms; expected at most max`);
  }
  const minUptime = validValue<number>(root, at('min_uptime'));
  const resetAfter = validValue<number>(root, at('reset_after'));
  if (minUptime !== undefined && resetAfter !== undefined && minUptime > resetAfter) {
    report(
      at('min_uptime'),
      `is longer than reset_after (${resetAfter} ms), so that a worker could be healthy and have failed to start; expected at most reset_after`,
    );
  }
  checkWindow(root, type, report);
}

/** Otherwise the first of the restarts is out of the window when the last is due: there is no end of them. */
function checkWindow(root: ConfigNode, type: ConfigPath, report: Report): void {
  const value = <Value>(...keys: string[]) => validValue<Value>(root, [...type, ...keys]);
  const policy = value<string>('restart', 'policy');
  const maxRestarts = value<number>('restart', 'max_restarts');
  const window = value<number>('restart', 'window');
  const registerTimeout = value<number>('limits', 'register_timeout');
  const stallTimeout = value<number>('limits', 'stall_timeout');
  if (policy === undefined || policy === 'never') return;
  if (maxRestarts === undefined || window === undefined) return;
  if (registerTimeout === undefined || stallTimeout === undefined) return;
  const hungMs = Math.max(registerTimeout, STALLS_UNTIL_ENDED * stallTimeout);
  const neededMs = maxRestarts * hungMs + longestDelaysMs(value, maxRestarts);
  if (window >= neededMs) return;
  const hangs = hungMs === registerTimeout ? 'does not register (limits.register_timeout)' : 'stalls';
  report(
    [...type, 'restart', 'window'],
    `is ${window} ms, in which a worker that ${hangs} cannot be restarted ${maxRestarts} times, so that it would be restarted for ever; expected at least ${neededMs} ms, or fewer max_restarts`,
  );
}

/** Before so many restarts in a row; 0 when it is not known, for a mistake in it has been reported. */
function longestDelaysMs(value: <Value>(...keys: string[]) => Value | undefined, restarts: number): number {
  const initialMs = value<number>('restart', 'backoff', 'initial');
  const maxMs = value<number>('restart', 'backoff', 'max');
  const factor = value<number>('restart', 'backoff', 'factor');
  const jitter = value<number>('restart', 'backoff', 'jitter');
  if (initialMs === undefined || maxMs === undefined || factor === undefined || jitter === undefined) return 0;
  let sumMs = 0;
  for (let tries = 0; tries < restarts; tries++) sumMs += backoffMs({ initialMs, maxMs, factor, jitter }, tries, 1);
  return sumMs;
}
