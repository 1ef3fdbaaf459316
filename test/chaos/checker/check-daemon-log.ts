import type { LoggedLine } from '../../support/daemon/child-daemon.ts';

/** Pino's `error`: a fault of Shoal's own, for whatever else fails is a warning. */
const ERROR = 50;

/** Faults from outside are no errors of the daemon. A finding is a sentence. */
export function checkDaemonLog(lines: readonly LoggedLine[]): string[] {
  return lines
    .filter(({ level }) => Number(level) >= ERROR)
    .map((line) => `the daemon logged an error: ${shown(line)}`);
}

function shown({ msg, err, ...fields }: LoggedLine): string {
  const { message, stack } = (err ?? {}) as { message?: string; stack?: string };
  const at = stack?.split('\n').find((frame) => frame.includes('/src/'));
  return [msg, message, at?.trim(), JSON.stringify(fields)].filter((part) => part !== undefined).join('; ');
}
