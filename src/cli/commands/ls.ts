import type { JsonValue } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import type { SimulationState } from '../../domain/simulation/simulation-state.ts';
import type { CliHost } from '../cli-host.ts';
import { note } from '../note.ts';
import { collectStates, collectTexts } from '../option-values.ts';
import { type Session, withSession } from '../session.ts';
import { simulationColumns } from '../simulation-text.ts';
import { formatTable } from '../table.ts';

interface ListFlags {
  readonly state?: readonly SimulationState[];
  readonly label?: readonly string[];
}

const PAGE_SIZE = 1_000;

export function defineList(command: Command, host: CliHost): void {
  command
    .summary('list simulations')
    .description('List simulations, newest first.')
    .option('--state <states>', 'only in these states, such as running,paused; may be repeated', collectStates)
    .option('--label <selector>', 'only with these labels, such as owner=me; may be repeated', collectTexts)
    .action((flags: ListFlags) => withSession(host, command, (session) => list(session, flags)));
}

async function list(session: Session, flags: ListFlags): Promise<void> {
  const pages = await allPages(session, flags);
  const simulations = pages.flatMap(({ message }) => message.simulations);
  const items = async () => (await Promise.all(pages.map((page) => page.json()))).flatMap(simulationsIn);
  await session.print({
    text: () =>
      simulations.length === 0
        ? ''
        : formatTable(session.style, simulationColumns(session.style, Date.now()), simulations),
    json: async () => ({ simulations: await items(), nextPageToken: '' }),
    items,
  });
  if (simulations.length === 0 && session.format === 'table') note(session.host, 'there are no simulations');
}

async function allPages({ client }: Session, { state = [], label = [] }: ListFlags) {
  const states = state.map((name) => `SIMULATION_STATE_${name}` as const);
  const ask = (pageToken: string) =>
    client.call('ListSimulations', { states, labelSelector: label.join(','), pageSize: PAGE_SIZE, pageToken });
  const pages = [await ask('')];
  for (let next = pages[0]?.message.nextPageToken; next; next = pages.at(-1)?.message.nextPageToken) {
    pages.push(await ask(next));
  }
  return pages;
}

function simulationsIn(json: JsonValue): JsonValue[] {
  return (json as { simulations: JsonValue[] }).simulations;
}
