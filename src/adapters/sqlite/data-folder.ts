import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { type Holder, readHolder, removeHolder, writeHolder } from './folder-holder.ts';
import { type Database, openDatabase } from './sqlite.ts';
import { SQLITE_BUSY, sqliteCode, storageTrouble } from './sqlite-failure.ts';

/** File systems of other machines, by their number in statfs(2): locks and shared files cannot be relied on there. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

export interface DataFolderOptions {
  readonly folder: string;
  /** Of Shoal; told to a second daemon. */
  readonly version: string;
  /** Number of the file system that a folder is on. */
  readonly fileSystemOf?: (folder: string) => number;
}

/**
 * `data_dir`, held by one daemon at a time.
 *
 * The lock is the kernel's (that of SQLite on `lock.db`): it ends with the process, however that ends, and is not inherited
 * by workers. The file that is left behind means nothing. `daemon.json` says who holds it, for people and for the error
 * of a second daemon; nothing is decided by it.
 */
export class DataFolder implements ManagedPart {
  readonly name = 'data folder';
  readonly #options: DataFolderOptions;
  #lock: Database | undefined;

  constructor(options: DataFolderOptions) {
    this.#options = options;
  }

  /** Where a file of this name lies. */
  file(name: string): string {
    return join(this.#options.folder, name);
  }

  /** @throws ShoalError CONFIG_INVALID for a folder that cannot be used at all, DATA_DIR_UNUSABLE for one that another daemon holds */
  async start(): Promise<void> {
    if (this.#lock !== undefined) return;
    const { folder } = this.#options;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ShoalError('CONFIG_INVALID', `data_dir: cannot write to ${folder}: ${why}; name a folder of your own`, {
        cause,
      });
    }
    this.#demandLocal(folder);
    this.#lock = this.#takeLock();
    try {
      this.tellHolder({});
    } catch (cause) {
      this.#unlock();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ShoalError('DATA_DIR_UNUSABLE', `data_dir: nothing can be written to ${folder}: ${why}`, { cause });
    }
  }

  async stop(): Promise<void> {
    if (this.#lock === undefined) return;
    try {
      removeHolder(this.#options.folder);
    } finally {
      this.#unlock();
    }
  }

  /** Adds to the note where this daemon listens. */
  tellHolder(addresses: Holder['addresses']): void {
    writeHolder(this.#options.folder, this.#options.version, addresses);
  }

  #unlock(): void {
    this.#lock?.close();
    this.#lock = undefined;
  }

  #demandLocal(folder: string): void {
    const { fileSystemOf = (path) => statfsSync(path).type } = this.#options;
    const network = NETWORK_FILE_SYSTEMS.get(fileSystemOf(folder));
    if (network === undefined) return;
    throw new ShoalError(
      'CONFIG_INVALID',
      `data_dir: ${folder} is on a network file system (${network}), where neither locks nor databases are safe; name a folder on a disk of this machine`,
    );
  }

  #takeLock(): Database {
    const file = this.file('lock.db');
    let lock: Database | undefined;
    try {
      if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
      lock = openDatabase(file, { timeout: 0 });
      lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return lock;
    } catch (thrown) {
      lock?.close();
      if (sqliteCode(thrown) === SQLITE_BUSY) throw this.#heldByAnother(thrown);
      const trouble = storageTrouble(thrown);
      if (trouble === undefined) throw thrown;
      throw new ShoalError('DATA_DIR_UNUSABLE', `data_dir: ${file} cannot be locked: ${trouble}; remove it`, {
        cause: thrown,
        metadata: { file },
      });
    }
  }

  #heldByAnother(cause: unknown): ShoalError {
    const { folder } = this.#options;
    const holder = readHolder(folder);
    return new ShoalError(
      'DATA_DIR_UNUSABLE',
      `data_dir: ${folder} is held by ${holder ?? 'another daemon'}; use that one, stop it, or name another data_dir`,
      { cause, metadata: { data_dir: folder } },
    );
  }
}
