import type { Command } from '../../domain/command/command.ts';
import { fromExactJson, toExactJson } from '../../domain/exact-json.ts';

/** A command as columns: its one field of bytes, where it has one, may be large and is stored as it is. */
export interface CommandColumns {
  readonly command: string;
  /** The name of the field of bytes. */
  readonly bytesField: string | null;
  readonly bytes: Uint8Array | null;
}

export function toColumns(command: Command): CommandColumns {
  for (const [bytesField, bytes] of Object.entries(command)) {
    if (!(bytes instanceof Uint8Array)) continue;
    return { command: toExactJson({ ...command, [bytesField]: undefined }), bytesField, bytes };
  }
  return { command: toExactJson(command), bytesField: null, bytes: null };
}

export function fromColumns({ command, bytesField, bytes }: CommandColumns): Command {
  const rest = fromExactJson(command) as Command;
  return bytesField === null ? rest : ({ ...rest, [bytesField]: bytes } as Command);
}
