import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a worker did, written by itself as it does it, for the checker to hold against the log. One line per fact, each
 * in the file before the fact can be known to anybody else, so that SIGKILL takes nothing back:
 *
 *   b PID WALL_MS               it began
 *   e N KEY HASH                event N of this worker (1, 2, 3, …) is about to be reported
 *   a N                         the events up to N are acknowledged
 *   c COMMAND_ID NAME REQUEST   a command was done; REQUEST is what a custom command carries, else -
 *   h                           it is about to hang
 *   x HOW                       it is about to end: done, stopped, lost, crash
 */
export class Journal {
  readonly #file: number;

  constructor(folder: string, name: string) {
    this.#file = openSync(join(folder, name), 'a', 0o600);
  }

  begun(): void {
    this.#line('b', process.pid, Date.now());
  }

  reporting(number: number, key: string, payload: Uint8Array): void {
    this.#line('e', number, key, hashOf(payload));
  }

  acknowledged(number: number): void {
    this.#line('a', number);
  }

  done(commandId: string, name: string, request = '-'): void {
    this.#line('c', commandId, name, request);
  }

  hanging(): void {
    this.#line('h');
  }

  ending(how: 'done' | 'stopped' | 'lost' | 'crash'): void {
    this.#line('x', how);
  }

  #line(...words: (string | number)[]): void {
    writeSync(this.#file, `${words.join(' ')}\n`);
  }
}

/** `SIMULATION.INCARNATION.WORKER.journal`: no id has a dot. */
export function journalName(simulationId: string, incarnation: number, workerId: string): string {
  return `${simulationId}.${incarnation}.${workerId}.journal`;
}

export function hashOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex').slice(0, 16);
}
