import type { Command } from 'commander';
import { printable } from '../../adapters/yaml/config-path.ts';
import { ConfigInvalidError, type ConfigProblem } from '../../adapters/yaml/config-problem.ts';
import { toCliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { printResult } from '../output.ts';
import { outputOption, sharedFlags } from '../session.ts';

interface CheckFlags {
  readonly offline?: boolean;
}

export function defineConfig(command: Command, host: CliHost): void {
  command.summary('check configurations').description('Work with configuration files.').helpCommand(false);
  const check = command.command('check');
  check
    .summary('check a configuration file')
    .description(
      'Check a configuration as `shoal serve` would, with the environment (SHOAL__...), the plugins of its worker types, ' +
        'its addresses and its NATS server. Every problem is told at once, as file:line:column path: what is wrong; ' +
        'what is expected.',
    )
    .argument('<file>', 'the configuration, YAML or JSON')
    .option('--offline', 'leave out the addresses and the NATS server, for a file that is for another machine')
    .addOption(outputOption())
    .action((file: string, { offline = false }: CheckFlags) => checkFile(host, check, { file, offline }));
  const schema = command.command('schema');
  schema
    .summary('print the JSON Schema')
    .description('Print the JSON Schema (draft-07) of the configuration, for editors and other tools.')
    .addOption(outputOption())
    .action(() => printSchema(host, schema));
}

interface Wish {
  readonly file: string;
  readonly offline: boolean;
}

async function checkFile(host: CliHost, command: Command, wish: Wish): Promise<void> {
  const problems = await problemsIn(host, wish);
  await printResult(host, sharedFlags(command).output ?? 'table', {
    text: () => (problems.length === 0 ? `${printable(wish.file)} is valid` : ''),
    json: () => ({ valid: problems.length === 0, problems: problems.map((problem) => ({ ...problem })) }),
    items: () => problems.map((problem) => ({ ...problem })),
  });
  if (problems.length > 0) throw toCliError(new ConfigInvalidError(problems));
}

async function problemsIn(host: CliHost, { file, offline }: Wish): Promise<readonly ConfigProblem[]> {
  try {
    const { loadConfig } = await import('../../adapters/yaml/load-config.ts');
    const loaded = loadConfig({ file, environment: host.environment });
    const { workerTypeProblems } = await import('../../app/worker-type-problems.ts');
    const { surroundingsProblems } = await import('../probes/configuration-probe.ts');
    const found = await Promise.all([
      workerTypeProblems(loaded, host.environment),
      offline ? [] : surroundingsProblems(loaded, host),
    ]);
    return found.flat();
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) return thrown.problems;
    throw thrown;
  }
}

async function printSchema(host: CliHost, command: Command): Promise<void> {
  const { configJsonSchema } = await import('../../adapters/yaml/config-json-schema.ts');
  const schema = JSON.parse(JSON.stringify(configJsonSchema()));
  const text = JSON.stringify(schema, undefined, 2);
  await printResult(host, sharedFlags(command).output ?? 'table', { text: () => text, json: () => schema });
}
