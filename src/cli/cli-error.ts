import { ConfigInvalidError } from '../adapters/yaml/config-problem.ts';
import { ShoalError } from '../domain/shoal-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Ends the command: the message goes to stderr behind `shoal: `; an empty one means that all has been said. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** A line below the message: what to do. */
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The one place where whatever was thrown gets its exit code. */
export function toCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof ConfigInvalidError) return new CliError(EXIT.invalidConfig, thrown.message, { cause: thrown });
  if (thrown instanceof ShoalError) {
    const exitCode = thrown.code === 'CONFIG_INVALID' ? EXIT.invalidConfig : EXIT.failed;
    return new CliError(exitCode, `${thrown.message} (${thrown.code})`, { cause: thrown });
  }
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new CliError(EXIT.failed, `internal error, please report it: ${text}`, { cause: thrown });
}
