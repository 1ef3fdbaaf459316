import type { Database } from './sqlite.ts';
import { sqliteCode } from './sqlite-failure.ts';

/** What SQLite answers to a ROLLBACK without a transaction. */
const SQLITE_ERROR = 1;

/** Everything that `work` does is stored, or nothing. Throws what `work` or SQLite throws. */
export function transaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    rollBack(database);
    throw thrown;
  }
}

/** A full disk has rolled it back already. */
function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch (thrown) {
    if (sqliteCode(thrown) !== SQLITE_ERROR) throw thrown;
  }
}
