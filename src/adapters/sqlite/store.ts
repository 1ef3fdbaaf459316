import { ShoalError } from '../../domain/shoal-error.ts';
import type { Durability } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from './sqlite.ts';
import { StorageGuard } from './storage-guard.ts';
import { openStoreFile, type StoreFileFormat } from './store-file.ts';
import { transaction } from './transaction.ts';

export interface StoreOptions {
  readonly file: string;
  /** Whether what a use has done survives the machine, or only the process. */
  readonly durability: Exclude<Durability, 'memory'>;
  readonly log: Log;
}

/** The file of a part that starts and stops. Each use is one transaction: everything that it does is stored, or nothing. */
export class Store<Statements> {
  readonly #format: StoreFileFormat;
  readonly #options: StoreOptions;
  readonly #prepare: (database: Database) => Statements;
  readonly #guard: StorageGuard;
  #open: { readonly database: Database; readonly statements: Statements } | undefined;

  constructor(format: StoreFileFormat, options: StoreOptions, prepare: (database: Database) => Statements) {
    this.#format = format;
    this.#options = options;
    this.#prepare = prepare;
    this.#guard = new StorageGuard(options.file, options.log);
  }

  /**
   * Does nothing when it is open.
   *
   * @param check what it throws closes the file again
   * @throws ShoalError DATA_DIR_UNUSABLE; what `check` throws
   */
  open(check: (statements: Statements) => void = () => {}): void {
    if (this.#open !== undefined) return;
    const { file, durability } = this.#options;
    const database = openStoreFile(this.#format, { file, survives: durability === 'fsynced' ? 'machine' : 'process' });
    try {
      const statements = this.#prepare(database);
      check(statements);
      this.#open = { database, statements };
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  /** @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE */
  read<T>(work: (statements: Statements) => T): T {
    const { what } = this.#format;
    const open = this.#open;
    if (open === undefined) throw new ShoalError('SHUTTING_DOWN', `the ${what} is closed; Shoal is stopping`);
    return this.#guard.run(() => transaction(open.database, () => work(open.statements)));
  }

  /** As {@link read}; that it has succeeded says that storage works. @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE: nothing is stored */
  write<T>(work: (statements: Statements) => T): T {
    const result = this.read(work);
    this.#guard.wrote();
    return result;
  }
}
