import { ConfigInvalidError } from '../adapters/yaml/config-problem.ts';
import { ShoalError } from '../domain/shoal-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

interface CliErrorOptions {
  /** A line below the message: what to do. */
  readonly hint?: string | undefined;
  /** The message stands for itself, as `file:line:column …` does, which other programs read. */
  readonly bare?: boolean;
  /** The daemon's, from docs/errors.md. */
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}

/** Ends the command: the message goes to stderr behind `shoal: `; an empty one means that all has been said. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  readonly bare: boolean;
  readonly reason: string | undefined;

  constructor(exitCode: ExitCode, message: string, { hint, bare = false, reason, cause }: CliErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.hint = hint;
    this.bare = bare;
    this.reason = reason;
  }
}

/** The one place where whatever was thrown gets its exit code. */
export function toCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof ConfigInvalidError)
    return new CliError(EXIT.invalidConfig, thrown.message, { bare: true, cause: thrown });
  if (thrown instanceof ShoalError) {
    const exitCode = thrown.code === 'CONFIG_INVALID' ? EXIT.invalidConfig : EXIT.failed;
    return new CliError(exitCode, `${thrown.message} (${thrown.code})`, { cause: thrown });
  }
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new CliError(EXIT.failed, `internal error, please report it: ${text}`, { cause: thrown });
}
