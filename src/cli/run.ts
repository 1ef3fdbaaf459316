import { CommanderError } from 'commander';
import { toCliError } from './cli-error.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printableLines } from './printable-text.ts';
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
  const { exitCode, message, hint, bare } = toCliError(thrown);
  // What an interrupted call says of itself is no news.
  if (host.interrupts.exitCode !== undefined && exitCode !== EXIT.done) return host.interrupts.exitCode;
  if (message !== '') host.stderr.write(`${bare ? '' : 'shoal: '}${printableLines(message)}\n`);
  if (hint !== undefined) host.stderr.write(`${hint}\n`);
  return exitCode;
}
