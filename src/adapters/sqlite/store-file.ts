import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ShoalError } from '../../domain/shoal-error.ts';
import { bytesOf, readHeader } from './file-header.ts';
import { type Database, openDatabase } from './sqlite.ts';
import { SQLITE_BUSY, sqliteCode, storageTrouble } from './sqlite-failure.ts';

/** A database file of one kind and one version. */
export interface StoreFileFormat {
  /** For people: `event log`. */
  readonly what: string;
  /** Marks the file as of this kind; in its header. */
  readonly applicationId: number;
  /** Of the tables. A file with a higher one is refused. */
  readonly version: number;
  /** Makes the tables. */
  readonly schema: string;
  /** What makes of a file with the version n, counted from 1, one with the next: the nth. */
  readonly upgrades?: readonly string[];
}

export interface StoreFileOptions {
  readonly file: string;
  /** Whether what is committed survives the machine, or only the process. */
  readonly survives: 'machine' | 'process';
}

const PAGE_BYTES = 8_192;
/** Looking through a whole file takes about a second for each GiB; a larger one is believed until a page is found damaged. */
const MAX_CHECKED_BYTES = 512 * 1024 * 1024;

/**
 * Opens the file, or makes it when there is none. One that is damaged, of another program, or of a newer Shoal is left
 * as it is, to the byte.
 *
 * @throws ShoalError DATA_DIR_UNUSABLE that names the file and says what to do
 */
export function openStoreFile(format: StoreFileFormat, { file, survives }: StoreFileOptions): Database {
  let database: Database | undefined;
  try {
    if (existsSync(file)) check(format, file);
    else create(format, file);
    database = openDatabase(file);
    // Alone with the file, SQLite keeps the index of the write-ahead log in memory; and nobody else can open it.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${survives === 'machine' ? 'FULL' : 'NORMAL'};
      PRAGMA journal_size_limit = ${64 * 1024 * 1024};
      PRAGMA cache_size = -${16 * 1024};
    `);
    upgrade(format, database);
    return database;
  } catch (thrown) {
    database?.close();
    if (sqliteCode(thrown) === SQLITE_BUSY) {
      const message = `data_dir: ${file} (the ${format.what}) is open in another process; close it there, and start again`;
      throw new ShoalError('DATA_DIR_UNUSABLE', message, { cause: thrown, metadata: { file } });
    }
    const trouble = storageTrouble(thrown);
    if (trouble === undefined) throw thrown;
    throw refused(format, file, `cannot be used: ${trouble}`, thrown);
  }
}

/** All of it or nothing: an older Shoal can read the file until it is done. */
function upgrade({ version, upgrades = [] }: StoreFileFormat, database: Database): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found === version) return;
  const steps = upgrades.slice(found - 1).join('; ');
  database.exec(`BEGIN; ${steps}; PRAGMA user_version = ${version}; COMMIT`);
}

/** Made beside its place and renamed: a file in its place is whole, also when the power fails meanwhile. */
function create({ what, applicationId, version, schema }: StoreFileFormat, file: string): void {
  if (bytesOf(`${file}-wal`) > 0) {
    const message = `data_dir: ${file} (the ${what}) is missing, while its ${file}-wal is there; put the file back, or move that away`;
    throw new ShoalError('DATA_DIR_UNUSABLE', message, { metadata: { file } });
  }
  const unfinished = `${file}.new`;
  for (const suffix of ['', '-journal']) rmSync(unfinished + suffix, { force: true });
  // SQLite gives the files beside it the same permissions.
  closeSync(openSync(unfinished, 'wx', 0o600));
  const database = openDatabase(unfinished);
  database.exec(`
    PRAGMA page_size = ${PAGE_BYTES};
    PRAGMA synchronous = FULL;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${version};
    BEGIN; ${schema}; COMMIT;
  `);
  database.close();
  renameSync(unfinished, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function check(format: StoreFileFormat, file: string): void {
  const bytes = bytesOf(file);
  const header = readHeader(file);
  if (bytes === 0) throw refused(format, file, 'is empty');
  if (header === undefined) throw refused(format, file, 'is no database, or damaged');
  if (header.applicationId !== format.applicationId)
    throw refused(format, file, 'belongs to another program, or is damaged');
  demandVersion(format, file, header.userVersion);
  const hasLog = bytesOf(`${file}-wal`) > 0;
  if (!hasLog && bytes < header.expectedBytes) {
    throw refused(format, file, `is cut off: it has ${bytes} of ${header.expectedBytes} bytes`);
  }
  checkPages(format, file, bytes);
}

/** Read only, because a database that is closed after writing takes in its write-ahead log, and so changes. */
function checkPages(format: StoreFileFormat, file: string, bytes: number): void {
  const wasClean = !existsSync(`${file}-wal`);
  const database = openDatabase(file, { readOnly: true });
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    demandVersion(format, file, version);
    const found = tables(database);
    const wanted = [...format.schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name);
    // An older file gets the others when it is upgraded.
    if (version === format.version && !wanted.every((name) => found.includes(name)))
      throw refused(format, file, 'lacks its tables');
    if (bytes > MAX_CHECKED_BYTES) return;
    const [first] = database.prepare('PRAGMA quick_check(1)').all();
    const finding = String(first?.['quick_check']);
    if (finding !== 'ok') throw refused(format, file, `is damaged (${finding})`);
  } finally {
    database.close();
    // What SQLite has put beside it to read it.
    for (const suffix of wasClean ? ['-shm', '-wal'] : ['-shm']) rmSync(file + suffix, { force: true });
  }
}

function tables(database: Database): unknown[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);
}

function demandVersion({ what, version }: StoreFileFormat, file: string, found: number): void {
  if (found <= version) return;
  throw new ShoalError(
    'DATA_DIR_UNUSABLE',
    `data_dir: ${file} (the ${what}) was written by a newer Shoal (format ${found}, this one knows ${version}); run that one, or name another data_dir`,
    { metadata: { file } },
  );
}

function refused({ what }: StoreFileFormat, file: string, why: string, cause?: unknown): ShoalError {
  return new ShoalError(
    'DATA_DIR_UNUSABLE',
    `data_dir: ${file} (the ${what}) ${why}; it was left as it is: move it away together with ${file}-wal, or put a copy in its place, and start again`,
    { metadata: { file }, cause },
  );
}
