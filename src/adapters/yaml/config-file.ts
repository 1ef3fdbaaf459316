import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { ConfigInvalidError, problemAt } from './config-problem.ts';
import { TextPositions } from './text-positions.ts';

/** Far above any configuration written by people, far below what costs the daemon its memory. */
export const MAX_FILE_BYTES = 1024 * 1024;

export interface ConfigText {
  readonly text: string;
  /** Every user of the machine may read it. */
  readonly isOpen: boolean;
}

/** The permission of those who are neither the owner nor of the group: stat(2). */
const OTHERS_MAY_READ = 0o004;

/**
 * Reads a configuration file, but nothing that only looks like one: a pipe would block for ever, a device has no end.
 *
 * @throws ConfigInvalidError that says what is in the way
 */
export function readConfigFile(file: string): ConfigText {
  const { bytes, mode } = readBytes(file);
  // Windows has no such permission, and tells one all the same.
  const isOpen = process.platform !== 'win32' && (mode & OTHERS_MAY_READ) !== 0;
  return { text: decode(bytes, file), isOpen };
}

/** @throws ConfigInvalidError for more than {@link MAX_FILE_BYTES} and for what is not UTF-8 text */
export function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > MAX_FILE_BYTES)
    throw refused(file, `is larger than 1 MiB; expected at most ${MAX_FILE_BYTES} bytes`);
  if (!isUtf8(bytes)) throw foreign(bytes, file);
  // Without the mark at the beginning by which some editors tell UTF-8.
  const text = new TextDecoder().decode(bytes);
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  throw new ConfigInvalidError([
    problemAt(new TextPositions(file, text).at(nul), [], 'holds a NUL byte; expected text'),
  ]);
}

/** Names the first line that is no UTF-8, and where the decoder gives up on it. */
function foreign(bytes: Uint8Array, file: string): ConfigInvalidError {
  for (let line = 1, start = 0; ; line += 1) {
    const end = bytes.indexOf(LINE_END, start);
    const row = bytes.subarray(start, end === -1 ? bytes.length : end);
    start = end + 1;
    if (end !== -1 && isUtf8(row)) continue;
    const column = new TextDecoder().decode(row).indexOf('\ufffd') + 1;
    return new ConfigInvalidError([problemAt({ file, line, column }, [], 'is not UTF-8 text; expected YAML in UTF-8')]);
  }
}

const LINE_END = 0x0a;

function readBytes(file: string): { bytes: Uint8Array; mode: number } {
  let descriptor: number | undefined;
  try {
    // Looked at before it is opened, since opening alone can act on a device; and again after, should it have changed.
    requireRegular(file, statSync(file));
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    requireRegular(file, stats);
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return { bytes: buffer.subarray(0, length), mode: stats.mode };
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) throw thrown;
    throw refused(file, describe(thrown), thrown);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function requireRegular(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a named pipe'
      : stats.isSocket()
        ? 'a socket'
        : 'a device';
  throw refused(file, `is ${kind}; expected a file`);
}

const MEANING: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; expected a configuration file',
  ENOTDIR: 'goes through a file as if it were a folder; expected a configuration file',
  EACCES: 'may not be read by this user; expected a readable file',
  EPERM: 'may not be read by this user; expected a readable file',
  ELOOP: 'is a link that leads back to itself; expected a file',
  ENAMETOOLONG: 'has too long a name; expected a configuration file',
  ERR_INVALID_ARG_VALUE: 'has a name that no file can have; expected a configuration file',
};

function describe(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
  return MEANING[code] ?? `cannot be read (${code}); expected a readable file`;
}

function refused(file: string, message: string, cause?: unknown): ConfigInvalidError {
  return new ConfigInvalidError([problemAt({ file, line: 0, column: 0 }, [], message)], { cause });
}
