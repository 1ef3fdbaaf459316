import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { ConfigInvalidError, problemAt } from './config-problem.ts';
import { TextPositions } from './text-positions.ts';

/** Far above any configuration written by people, far below what costs the daemon its memory. */
export const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Reads a configuration file, but nothing that only looks like one: a pipe would block for ever, a device has no end.
 *
 * @throws ConfigInvalidError that says what is in the way
 */
export function readConfigFile(file: string): string {
  return decode(readBytes(file), file);
}

/** @throws ConfigInvalidError for more than {@link MAX_FILE_BYTES} and for what is not UTF-8 text */
export function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > MAX_FILE_BYTES)
    throw refused(file, `is larger than 1 MiB; expected at most ${MAX_FILE_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refused(file, 'is not UTF-8 text; expected YAML in UTF-8', cause);
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return text;
  throw new ConfigInvalidError([
    problemAt(new TextPositions(file, text).at(nul), [], 'holds a NUL byte; expected text'),
  ]);
}

function readBytes(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    // Looked at before it is opened, since opening alone can act on a device; and again after, should it have changed.
    requireRegular(file, statSync(file));
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    requireRegular(file, fstatSync(descriptor));
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
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
