import { ShoalError } from '../../domain/shoal-error.ts';

/** Another process has the file, or this one has it open twice. */
export const SQLITE_BUSY = 5;

/** Primary result codes of SQLite (sqlite.org/rescode.html), and what each means for whoever runs Shoal. */
const MEANING: Readonly<Record<number, string>> = {
  [SQLITE_BUSY]: 'another process uses it',
  8: 'it may not be written to',
  10: 'the disk reports an error',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is no database',
};

/** The primary result code; undefined for what SQLite has not thrown. */
export function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  return thrown.errcode & 0xff;
}

/** Why a file cannot be used, in words; undefined for a mistake in Shoal's own use of SQLite. */
export function storageTrouble(thrown: unknown): string | undefined {
  const code = sqliteCode(thrown);
  return code === undefined ? undefined : MEANING[code];
}

/** What the disk or the file is at fault for becomes BUS_UNAVAILABLE, to be tried again; all else stays what it is. */
export function toStorageError(thrown: unknown, file: string): unknown {
  const trouble = storageTrouble(thrown);
  if (trouble === undefined) return thrown;
  return new ShoalError('BUS_UNAVAILABLE', `${file} cannot be used: ${trouble}; the daemon's log has more`, {
    cause: thrown,
    metadata: { file },
  });
}
