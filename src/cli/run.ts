import { CommanderError } from 'commander';
import { toCliError } from './cli-error.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellFailure } from './note.ts';
import { createProgram } from './program.ts';

/** Runs one `shoal` command. Never rejects: what went wrong is on stderr, and in the exit code. */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  try {
    await createProgram(host).parseAsync([...args], { from: 'user' });
    return host.interrupts.exitCode ?? EXIT.done;
  } catch (thrown) {
    return report(thrown, host);
  }
}

function report(thrown: unknown, host: CliHost): ExitCode {
  // The parser has written its message already; of its endings only help and version are none of the user's fault.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  const failure = toCliError(thrown);
  // What an interrupted call says of itself is no news.
  if (host.interrupts.exitCode !== undefined && failure.exitCode !== EXIT.done) return host.interrupts.exitCode;
  tellFailure(host, failure);
  return failure.exitCode;
}
