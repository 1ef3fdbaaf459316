import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { withSession } from '../session.ts';
import { simulationFacts } from '../simulation-text.ts';

export function defineGet(command: Command, host: CliHost): void {
  command
    .summary('show one simulation')
    .description('Show everything that is known of one simulation.')
    .argument('<id>', 'id of the simulation')
    .action((simulationId: string) =>
      withSession(host, command, async ({ client, style, print }) => {
        const { message, json } = await client.call('GetSimulationStatus', { simulationId });
        await print({
          text: () => (message.simulation === null ? '' : simulationFacts(style, message.simulation)),
          json,
        });
      }),
    );
}
