import type { Command } from 'commander';
import { packageVersion } from '../../app/package-version.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { type Session, withSession } from '../session.ts';
import { timeText } from '../simulation-text.ts';
import { formatFacts } from '../table.ts';

export function defineVersion(command: Command, host: CliHost): void {
  command
    .summary('show versions')
    .description('Show the version of this command and, where one answers, of the daemon.')
    .action(() => withSession(host, command, show));
}

async function show({ client, style, print }: Session): Promise<void> {
  const own = { version: packageVersion(), node: process.version };
  const daemon = await client.call('GetInfo', {}, { timeoutMs: 5_000 }).catch(unlessUnreachable);
  await print({
    text: () => {
      const info = daemon?.message;
      const facts: [string, string][] = [['shoal', `${own.version} (Node.js ${own.node})`]];
      if (info === undefined) facts.push(['daemon', `none answers at ${client.address}`]);
      else {
        facts.push([
          'daemon',
          `${info.version} at ${client.address}, ${info.orchestratorId}, contract ${info.contractVersion}`,
        ]);
        const server = info.natsServerVersion === '' ? '' : ` ${info.natsServerVersion}`;
        facts.push(['messaging', `${info.messagingAdapter}${server}, durability ${info.durability}`]);
        facts.push(['since', timeText(info.startedAt)]);
        if (info.draining) facts.push(['draining', 'yes: no new simulations are taken']);
      }
      return formatFacts(style, facts);
    },
    json: async () => ({ command: own, daemon: (await daemon?.json()) ?? null }),
  });
}

function unlessUnreachable(thrown: unknown): undefined {
  if (thrown instanceof CliError && thrown.exitCode === EXIT.unreachable) return undefined;
  throw thrown;
}
