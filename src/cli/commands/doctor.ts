import type { Command } from 'commander';
import { printable } from '../../adapters/yaml/config-path.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-code.ts';
import { printResult } from '../output.ts';
import { printableLines } from '../printable-text.ts';
import { outputOption, sharedFlags } from '../session.ts';
import { hasColours, type Style, styleOf } from '../style.ts';

export function defineDoctor(command: Command, host: CliHost): void {
  command
    .summary('show what is missing on this machine')
    .description(
      'Look at what `shoal serve` needs of this machine: Node.js, files, addresses, NATS, the programs of the worker ' +
        'types. Each line says ok, warn or fail, and what to do about it; ends with 1 where one says fail.',
    )
    .option('--config <file>', 'the configuration to look for (default: the config/shoal.yaml that comes with Shoal)')
    .addOption(outputOption())
    .action(({ config }: { config?: string }) => doctor(host, command, config));
}

async function doctor(host: CliHost, command: Command, file: string | undefined): Promise<void> {
  const { examine } = await import('../doctor/doctor.ts');
  const findings = await examine(host, file);
  const isWell = findings.every(({ status }) => status !== 'fail');
  const style = styleOf(hasColours(host.stdout, host.environment));
  const plain = findings.map((finding) => ({ ...finding }));
  await printResult(host, sharedFlags(command).output ?? 'table', {
    text: () => findings.map((finding) => lines(style, finding)).join('\n'),
    json: () => ({ ok: isWell, checks: plain }),
    items: () => plain,
  });
  if (!isWell) throw new CliError(EXIT.failed, '');
}

/** `ok    node: v24.0.0`, and what to do below it. */
function lines(style: Style, { status, name, message, cure }: Finding): string {
  const colour = { ok: style.green, warn: style.yellow, fail: style.red }[status];
  const head = `${colour(status.padEnd(4))}  ${style.bold(printable(name))}: ${printable(message)}`;
  if (cure === '') return head;
  return `${head}\n${printableLines(cure).replace(/^/gm, '      ')}`;
}
