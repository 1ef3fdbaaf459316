import { type Command, Option } from 'commander';
import { printable } from '../../adapters/yaml/config-path.ts';
import { nearest } from '../../adapters/yaml/suggestion.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import type { ConformanceWish } from '../conformance/run-conformance.ts';
import { EXIT } from '../exit-code.ts';
import { collectPairs, countValue } from '../option-values.ts';

const DEFAULT_JOBS = 4;

const WHERE_CHECKS_ARE = 'docs/conformance.md lists them.';

export function defineConformance(command: Command, host: CliHost): void {
  command
    .summary('examine the workers of a type')
    .description(
      'Launch workers of one type as a daemon does, play its part, and check what they do: registration, heartbeats, ' +
        'events, commands, broken connections, the end. Ends with 1 where a check fails or could not be run. ' +
        'docs/conformance.md tells what is checked.',
    )
    .requiredOption('--type <name>', 'worker type of the configuration')
    .option(
      '--config <file>',
      'configuration with the worker type (default: the config/shoal.yaml that comes with Shoal)',
    )
    .option('--run-config <file>', 'configuration of the runs, YAML or JSON; - is stdin (default: {})')
    .option('--set <key=value>', 'one value of it, over the file; may be repeated', collectPairs)
    .option('--only <ids>', 'these checks alone, joined by commas; may be repeated', collectIds)
    .option('--skip <ids>', 'not these checks, joined by commas; may be repeated', collectIds)
    .addOption(new Option('--report <format>', 'how the results are printed').choices(['text', 'json']).default('text'))
    .option('--jobs <number>', 'workers at the same time', countValue, DEFAULT_JOBS)
    .option('--nats-server <path>', 'nats-server to use (default: $NATS_SERVER_BIN, or the one in PATH)')
    .action((flags: ConformanceWish) => conformance(host, flags));
}

async function conformance(host: CliHost, flags: ConformanceWish): Promise<void> {
  const { CHECKS } = await import('../../conformance/checks/catalogue.ts');
  const ids = CHECKS.map(({ id }) => id);
  for (const id of [...(flags.only ?? []), ...(flags.skip ?? [])]) demandKnown(id, ids);
  demandSome(flags, ids);
  const { runConformance } = await import('../conformance/run-conformance.ts');
  await runConformance(host, flags);
}

function demandKnown(id: string, known: readonly string[]): void {
  if (known.includes(id)) return;
  const near = nearest(id, known);
  const hint = near === undefined ? WHERE_CHECKS_ARE : `(Did you mean ${near}?)`;
  throw new CliError(EXIT.usage, `there is no check ${printable(id)}`, { hint });
}

function demandSome({ only, skip = [] }: ConformanceWish, known: readonly string[]): void {
  if (only?.length === 0) throw new CliError(EXIT.usage, '--only names no check', { hint: WHERE_CHECKS_ARE });
  if ((only ?? known).some((id) => !skip.includes(id))) return;
  throw new CliError(
    EXIT.usage,
    `no check is left: --skip leaves out all ${only === undefined ? 'of them' : 'that --only names'}`,
  );
}

function collectIds(text: string, before: readonly string[] = []): string[] {
  const named = text.split(',').map((id) => id.trim());
  return [...before, ...named.filter((id) => id !== '')];
}
