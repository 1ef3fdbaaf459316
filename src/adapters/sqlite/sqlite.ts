import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';

export type Database = DatabaseSync;

let loaded: typeof Sqlite | undefined;

/**
 * Opens a database of `node:sqlite`, which needs no native build. Calls are synchronous: each holds the event loop for
 * as long as it takes, so that what is done at once is kept small.
 */
export function openDatabase(file: string, options: DatabaseSyncOptions = {}): Database {
  loaded ??= load();
  return new loaded.DatabaseSync(file, options);
}

/** Node 22 says of `node:sqlite`, once it is loaded, that it is experimental. Nobody who runs Shoal can act on that. */
function load(): typeof Sqlite {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!isAboutSqlite(warning, rest[0])) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

function isAboutSqlite(warning: string | Error, type: unknown): boolean {
  return type === 'ExperimentalWarning' && String(warning).startsWith('SQLite ');
}
