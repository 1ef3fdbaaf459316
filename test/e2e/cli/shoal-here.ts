import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { CliHost } from '../../../src/cli/cli-host.ts';
import { Interrupts } from '../../../src/cli/interrupts.ts';
import { runCli } from '../../../src/cli/run.ts';

/**
 * Runs a command that must work in this process: all of it but what main.ts does, without the half second that a process
 * of its own takes to start.
 *
 * @returns what it printed
 */
export async function shoalHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const [stdin, stdout, stderr] = [Readable.from([]), new PassThrough(), new PassThrough()];
  const printed = text(stdout);
  const said = text(stderr);
  const interrupts = new Interrupts((code) => {
    throw new Error(`ended at once with ${code}`);
  });
  const host = { stdin, stdout, stderr, environment, interrupts } as unknown as CliHost;
  const exitCode = await runCli(args, host);
  stdout.end();
  stderr.end();
  const told = exitCode === 0 ? '' : await said;
  expect({ exitCode, stderr: told }, `shoal ${args.join(' ')}`).toEqual({ exitCode: 0, stderr: '' });
  return printed;
}
