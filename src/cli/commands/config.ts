import type { Command } from 'commander';
import { ConfigInvalidError, type ConfigProblem, formatProblem } from '../../adapters/yaml/config-problem.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { printResult } from '../output.ts';
import { outputOption, sharedFlags } from '../session.ts';

export function defineConfig(command: Command, host: CliHost): void {
  command.summary('check configurations').description('Work with configuration files.').helpCommand(false);
  const check = command.command('check');
  check
    .summary('check a configuration file')
    .description(
      'Check a configuration as `shoal serve` would, with the environment (SHOAL__...) and the plugins of its worker ' +
        'types. Every problem is told at once, as file:line:column path: what is wrong; what is expected.',
    )
    .argument('<file>', 'the configuration, YAML or JSON')
    .addOption(outputOption())
    .action((file: string) => checkFile(host, check, file));
}

async function checkFile(host: CliHost, command: Command, file: string): Promise<void> {
  const problems = await problemsIn(host, file);
  await printResult(host, sharedFlags(command).output ?? 'table', {
    text: () => (problems.length === 0 ? `${file} is valid` : ''),
    json: () => ({ valid: problems.length === 0, problems: problems.map((problem) => ({ ...problem })) }),
    items: () => problems.map((problem) => ({ ...problem })),
  });
  if (problems.length > 0)
    throw new CliError(EXIT.invalidConfig, problems.map(formatProblem).join('\n'), { bare: true });
}

async function problemsIn(host: CliHost, file: string): Promise<readonly ConfigProblem[]> {
  try {
    const { loadConfig } = await import('../../adapters/yaml/load-config.ts');
    const loaded = loadConfig({ file, environment: host.environment });
    const { workerTypeProblems } = await import('../../app/worker-type-problems.ts');
    return await workerTypeProblems(loaded, host.environment);
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) return thrown.problems;
    throw thrown;
  }
}
