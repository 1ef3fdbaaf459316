import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { toStorageError } from './sqlite-failure.ts';

/** Turns what the disk is at fault for into BUS_UNAVAILABLE, and says so once, until a write has succeeded again. */
export class StorageGuard {
  readonly #file: string;
  readonly #log: Log;
  #trouble: string | undefined;

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /** Why the last use failed; undefined when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** @throws ShoalError BUS_UNAVAILABLE; what else `work` throws */
  run<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      // Refused by what is stored, not by the storage.
      if (thrown instanceof ShoalError) throw thrown;
      if (this.#trouble === undefined) this.#log.error({ file: this.#file, err: thrown }, 'storage fails');
      const error = toStorageError(thrown, this.#file);
      this.#trouble = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  wrote(): void {
    if (this.#trouble !== undefined) this.#log.info({ file: this.#file }, 'storage works again');
    this.#trouble = undefined;
  }
}
