import { closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import type { WorkerExit } from '../../ports/worker-launcher.ts';

/** A shell tells the end by a signal as a code above this. */
const SIGNAL_BASE = 128;

const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;

/**
 * Where a worker that outlives its daemon writes, in its private folder: `stdout` and `stderr`, which whoever is the daemon
 * follows, and `exit`, in which its parent writes how it ended.
 */
export class KeptFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens for appending, made where it is not there yet. A worker may truncate it or put a link in its place: no link is followed. */
  open(name: 'stdout' | 'stderr' | 'exit'): number {
    return openSync(join(this.#folder, name), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  }

  /** For a program: the descriptors are its own from then on, and closed here when `use` has returned. */
  withAll<Result>(use: (stdout: number, stderr: number, exit: number) => Result): Result {
    const opened: number[] = [];
    const next = (name: 'stdout' | 'stderr' | 'exit'): number => {
      opened.push(this.open(name));
      return opened.at(-1) as number;
    };
    try {
      return use(next('stdout'), next('stderr'), next('exit'));
    } finally {
      for (const file of opened) closeSync(file);
    }
  }

  exist(): boolean {
    return statSync(join(this.#folder, 'exit'), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Undefined when the worker, or its parent with it, was ended by SIGKILL, or has not ended. */
  exit(startedAtMs: number): WorkerExit | undefined {
    try {
      const file = join(this.#folder, 'exit');
      const code = /^(\d{1,3})\n$/.exec(readFileSync(file, 'latin1'))?.[1];
      if (code === undefined) return undefined;
      const endedAtMs = Math.round(statSync(file).mtimeMs);
      return { ...endOf(Number(code)), durationMs: Math.max(0, endedAtMs - startedAtMs), endedAtMs };
    } catch {
      return undefined;
    }
  }
}

/** A program that exits with 128 and the number of a signal cannot be told from one that the signal ended. */
export function endOf(code: number): Pick<WorkerExit, 'code' | 'signal'> {
  const signal = Object.entries(system.signals).find(([, number]) => number === code - SIGNAL_BASE)?.[0];
  return signal === undefined ? { code } : { signal };
}
