import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import type { WorkerExit } from '../../ports/worker-launcher.ts';

/** A shell tells the end by a signal as a code above this. */
const SIGNAL_BASE = 128;

/** No link is followed, and nobody waits for the other end of a pipe. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Of `exit`: a code and the end of its line. */
const EXIT_BYTES = 8;

/**
 * Where a worker that outlives its daemon writes, in its private folder: `stdout` and `stderr`, which whoever is the daemon
 * follows, and `exit`, in which its parent writes how it ended.
 */
export class KeptFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens for appending, made where it is not there yet.
   *
   * @throws what the system says, or that it is no file: a worker may have put a link, a folder or a pipe in its place
   */
  open(name: 'stdout' | 'stderr' | 'exit'): number {
    const { O_RDWR, O_CREAT, O_APPEND } = constants;
    return this.#open(name, O_RDWR | O_CREAT | O_APPEND);
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
    return lstatSync(this.#path('exit'), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Undefined when the worker, or its parent with it, was ended by SIGKILL, or has not ended. */
  exit(startedAtMs: number): WorkerExit | undefined {
    try {
      const file = this.#open('exit', constants.O_RDONLY);
      try {
        const text = Buffer.alloc(EXIT_BYTES);
        const code = /^(\d{1,3})\n$/.exec(text.toString('latin1', 0, readSync(file, text)))?.[1];
        if (code === undefined) return undefined;
        const endedAtMs = Math.round(fstatSync(file).mtimeMs);
        return { ...endOf(Number(code)), durationMs: Math.max(0, endedAtMs - startedAtMs), endedAtMs };
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  #open(name: string, flags: number): number {
    const path = this.#path(name);
    const file = openSync(path, flags | SAFELY, 0o600);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    throw new Error(`${path} is no file; what a worker has put there is not read`);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** A program that exits with 128 and the number of a signal cannot be told from one that the signal ended. */
export function endOf(code: number): Pick<WorkerExit, 'code' | 'signal'> {
  const signal = Object.entries(system.signals).find(([, number]) => number === code - SIGNAL_BASE)?.[0];
  return signal === undefined ? { code } : { signal };
}
