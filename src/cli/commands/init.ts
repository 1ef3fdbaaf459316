import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../../app/package-version.ts';
import type { CliHost } from '../cli-host.ts';
import { nameProblem } from '../init/project-name.ts';
import { LANGUAGES, type Language } from '../init/project-plan.ts';
import { printableLines } from '../printable-text.ts';

interface WorkerFlags {
  readonly lang: Language;
  readonly dir?: string;
}

export function defineInit(command: Command, host: CliHost): void {
  command.summary('make a project').description('Make a project to begin with.').helpCommand(false);
  command
    .command('worker')
    .summary('make a project for a worker')
    .description(
      'Write a project for a worker: a small simulation that reports events and obeys commands, the library for its ' +
        'language, and the configuration of its worker type. Prints what to type next.',
    )
    .argument('<name>', 'of the project and its worker type, such as fish-school', nameValue)
    .addOption(
      new Option('--lang <language>', 'what the worker is written in').choices(LANGUAGES).makeOptionMandatory(),
    )
    .option('--dir <folder>', 'where to; it must be empty, or not there yet (default: ./<name>)')
    .action((name: string, flags: WorkerFlags) => initWorker(host, name, flags));
}

function nameValue(text: string): string {
  const problem = nameProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return text;
}

async function initWorker(host: CliHost, name: string, { lang, dir = name }: WorkerFlags): Promise<void> {
  const { packageRoot } = await import('../../adapters/grpc/proto-loading.ts');
  const { planProject } = await import('../init/project-plan.ts');
  const { writeProject } = await import('../init/write-project.ts');
  const { nextSteps } = await import('../init/next-steps.ts');
  const folder = resolve(dir);
  writeProject(folder, planProject(lang, packageRoot()), { name, version: packageVersion() });
  host.stdout.write(`${printableLines(nextSteps(lang, name, folder).join('\n'))}\n`);
}
