import type { Command } from 'commander';
import type { SubscribeToEventsResponseOutput } from '../../adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsResponse.ts';
import { printable } from '../../adapters/yaml/config-path.ts';
import { type CliHost, note } from '../cli-host.ts';
import { collectTexts } from '../option-values.ts';
import { type Session, withSession } from '../session.ts';
import type { Style } from '../style.ts';

interface EventFlags {
  readonly key?: readonly string[];
}

export function defineEvents(command: Command, host: CliHost): void {
  command
    .summary('watch events as they come')
    .description('Print events from now on, of one simulation until it has ended, or of all.')
    .argument('[id]', 'id of the simulation; one that is not there yet is waited for (default: all)')
    .option(
      '--key <pattern>',
      "only events with this key, such as 'sim.*.v1' or 'sim.>'; may be repeated",
      collectTexts,
    )
    .action((id: string | undefined, { key = [] }: EventFlags) =>
      withSession(host, command, (session) => follow(session, id ?? '', key)),
    );
}

async function follow(session: Session, simulationId: string, keys: readonly string[]): Promise<void> {
  let dropped = '0';
  const request = { simulationId, eventTypeKeys: [...keys], newOnly: true };
  for await (const { message, json } of session.client.stream('SubscribeToEvents', request)) {
    await session.printStreamed({ text: () => eventLine(session.style, message), json });
    if (message.dropped !== dropped) note(session.host, `too slow: ${message.dropped} events dropped so far`);
    dropped = message.dropped;
  }
}

function eventLine({ dim, cyan }: Style, { event }: SubscribeToEventsResponseOutput): string {
  if (event === null) return '';
  const { timestampNs, simulationId, eventTypeKey, eventPayload, attributes } = event;
  const time = new Date(Number(BigInt(timestampNs) / 1_000_000n)).toISOString();
  const named = Object.entries(attributes).map(([name, value]) => printable(`${name}=${value}`));
  const size = `${eventPayload.length} B`;
  return [dim(time), printable(simulationId), cyan(printable(eventTypeKey)), size, ...named].join('  ');
}
