import { printable } from '../adapters/yaml/config-path.ts';
import type { CliError } from './cli-error.ts';
import { printableLines } from './printable-text.ts';

/** Where people are told things, beside the results. */
interface Told {
  readonly stderr: NodeJS.WritableStream;
}

/** One line; what others wrote into it can neither steer a terminal nor begin a line of its own. */
export function note({ stderr }: Told, text: string): void {
  stderr.write(`shoal: ${printable(text)}\n`);
}

/** Why the command failed: lines of ours, in which what others wrote has been made {@link printable} where it was put in. */
export function tellFailure({ stderr }: Told, { message, hint, bare }: CliError): void {
  if (message !== '') stderr.write(`${bare ? '' : 'shoal: '}${printableLines(message)}\n`);
  if (hint !== undefined) stderr.write(`${printableLines(hint)}\n`);
}
