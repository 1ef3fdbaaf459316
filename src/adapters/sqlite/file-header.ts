import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** What the first 100 bytes of a database say (sqlite.org/fileformat2.html, section 1.3). */
export interface FileHeader {
  readonly applicationId: number;
  readonly userVersion: number;
  /** Bytes that the file should have. Only the truth when no write-ahead log lies beside it. */
  readonly expectedBytes: number;
}

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/** Reads it without SQLite, which would change a file that it should only look at. Undefined for no database. */
export function readHeader(file: string): FileHeader | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    if (readSync(descriptor, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return undefined;
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const pageSize = header.readUInt16BE(16);
  return {
    expectedBytes: (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(28),
    userVersion: header.readUInt32BE(60),
    applicationId: header.readUInt32BE(68),
  };
}

/** 0 for a file that is not there. */
export function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
