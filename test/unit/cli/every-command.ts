import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import type { CliHost } from '../../../src/cli/cli-host.ts';
import { Interrupts } from '../../../src/cli/interrupts.ts';
import { createProgram } from '../../../src/cli/program.ts';

/** `shoal` itself, then every command, those below another included. */
export function everyCommand(): Command[] {
  const stream = new PassThrough();
  const host = {
    stdin: stream,
    stdout: stream,
    stderr: stream,
    environment: {},
    interrupts: new Interrupts(() => {}),
  } as unknown as CliHost;
  const withAll = (command: Command): Command[] => [command, ...command.commands.flatMap(withAll)];
  return withAll(createProgram(host));
}

/** `shoal config check` */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
