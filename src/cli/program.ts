import { Command } from 'commander';
import { printable } from '../adapters/yaml/config-path.ts';
import { packageVersion } from '../app/package-version.ts';
import { CliError } from './cli-error.ts';
import type { CliHost } from './cli-host.ts';
import { defineConfig } from './commands/config.ts';
import { defineConformance } from './commands/conformance.ts';
import { definePause, defineReset, defineResume, defineStep, defineStop } from './commands/controls.ts';
import { defineDemo } from './commands/demo.ts';
import { defineDoctor } from './commands/doctor.ts';
import { defineDrain, defineUndrain } from './commands/drain.ts';
import { defineEvents } from './commands/events.ts';
import { defineGet } from './commands/get.ts';
import { defineInit } from './commands/init.ts';
import { defineLogs } from './commands/logs.ts';
import { defineList } from './commands/ls.ts';
import { definePlugins } from './commands/plugins.ts';
import { defineRemove } from './commands/rm.ts';
import { defineServe } from './commands/serve.ts';
import { defineStart } from './commands/start.ts';
import { defineVerify } from './commands/verify.ts';
import { defineVersion } from './commands/version.ts';
import { EXIT } from './exit-code.ts';
import { printableLines } from './printable-text.ts';
import { addressOption, outputOption } from './session.ts';
import { hasColours, styleOf } from './style.ts';

type Define = (command: Command, host: CliHost) => void;

const ON_THIS_MACHINE: Readonly<Record<string, Define>> = {
  demo: defineDemo,
  serve: defineServe,
  config: defineConfig,
  doctor: defineDoctor,
  conformance: defineConformance,
  init: defineInit,
};
const BY_THE_DAEMON: Readonly<Record<string, Define>> = {
  start: defineStart,
  ls: defineList,
  get: defineGet,
  pause: definePause,
  resume: defineResume,
  step: defineStep,
  reset: defineReset,
  stop: defineStop,
  rm: defineRemove,
  events: defineEvents,
  verify: defineVerify,
  logs: defineLogs,
  plugins: definePlugins,
  drain: defineDrain,
  undrain: defineUndrain,
  version: defineVersion,
};

/** The whole command line; parsing it runs the command that it names. */
export function createProgram(host: CliHost): Command {
  const program = new Command('shoal')
    .description('Launches simulation workers, routes their events, and lets you steer the runs.')
    .version(packageVersion(), '-V, --version', 'show the version of this command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: (text, write) => write(`shoal: ${printableLines(text.replace(/^error: /, ''))}`),
      getOutHasColors: () => hasColours(host.stdout, host.environment),
      getErrHasColors: () => hasColours(host.stderr, host.environment),
    })
    .configureHelp({ styleTitle: styleOf(true).bold, sortSubcommands: false })
    .helpCommand('help [command]', 'show the help of a command')
    .enablePositionalOptions()
    .addOption(addressOption())
    .addOption(outputOption())
    .addHelpText('after', EXIT_CODES)
    .hook('preAction', (_program, command) => refuseUnused(program, command));
  for (const [name, define] of Object.entries(ON_THIS_MACHINE)) {
    define(program.command(name).helpGroup('Here:'), host);
  }
  for (const [name, define] of Object.entries(BY_THE_DAEMON)) {
    const command = program.command(name).helpGroup('With a daemon:');
    define(command, host);
    command.addOption(addressOption()).addOption(outputOption());
  }
  return program;
}

/** A shared flag in front of a command that has no use for it would be ignored without a word. */
function refuseUnused(program: Command, command: Command): void {
  for (const option of program.options) {
    const name = option.attributeName();
    if (program.getOptionValueSource(name) !== 'cli') continue;
    if (!command.options.some((known) => known.attributeName() === name)) {
      throw new CliError(EXIT.usage, `${option.long} is of no use to ${printable(command.name())}`);
    }
  }
}

const EXIT_CODES = `
Exit codes:
  0 done, 1 failed, 2 wrong usage, 69 daemon unreachable, 78 invalid configuration, 124 timed out, 130 interrupted`;
