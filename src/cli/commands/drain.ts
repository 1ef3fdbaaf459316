import type { Command } from 'commander';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { durationMessage } from '../duration-message.ts';
import { EXIT } from '../exit-code.ts';
import { note } from '../note.ts';
import { durationValue } from '../option-values.ts';
import { type Session, withSession } from '../session.ts';
import { parseState } from '../simulation-text.ts';

/** Nothing tells of an undrain by itself. */
const ASK_AGAIN_MS = 1_000;

interface DrainFlags {
  readonly deadline?: number;
  readonly wait?: true;
}

export function defineDrain(command: Command, host: CliHost): void {
  command
    .summary('take no new simulations')
    .description(
      'Let the daemon take no new simulations; the present ones go on. With --deadline those that are left by then are ' +
        'stopped. May be repeated: a deadline given again counts from then.',
    )
    .option('--deadline <duration>', 'how long simulations may go on (default: for ever)', durationValue)
    .option('--wait', 'until no simulation is left, telling how many are')
    .action((flags: DrainFlags) => withSession(host, command, (session) => drain(session, flags)));
}

export function defineUndrain(command: Command, host: CliHost): void {
  command
    .summary('take new simulations again')
    .description('Let the daemon take new simulations again; a deadline of the drain is forgotten.')
    .action(() =>
      withSession(host, command, async ({ client, print }) => {
        const { json } = await client.call('Undrain', {});
        await print({ text: () => '', json });
        note(host, 'new simulations are taken again');
      }),
    );
}

async function drain(session: Session, { deadline, wait }: DrainFlags): Promise<void> {
  const { client, host, print } = session;
  const request = deadline === undefined ? {} : { deadline: durationMessage(deadline) };
  const answer = await client.call('Drain', request);
  const { remaining } = answer.message;
  if (wait !== true || remaining === 0) {
    note(host, `draining; ${leftText(remaining)}`);
    await print({ text: () => '', json: answer.json });
    return;
  }
  await untilEmpty(session);
  // What it says when all is over; asking again changes nothing.
  const last = await client.call('Drain', {});
  await print({ text: () => '', json: last.json });
}

/** @throws CliError when somebody lets it take new ones meanwhile */
async function untilEmpty(session: Session): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const undrained = new Promise<never>((_, reject) => {
    timer = setInterval(() => void demandDraining(session.client).catch(reject), ASK_AGAIN_MS);
  });
  try {
    await Promise.race([untilNoneIsLeft(session), undrained]);
  } finally {
    clearInterval(timer);
  }
}

/** Tells how many simulations are left whenever that changes. */
async function untilNoneIsLeft({ client, host }: Session): Promise<void> {
  const open = new Set<string>();
  let isSynced = false;
  let told = -1;
  for await (const { message } of client.stream('WatchSimulations', {})) {
    const { simulation, synced, deleted } = message;
    isSynced ||= synced;
    if (simulation) {
      const state = parseState(simulation.state);
      const isOpen = !deleted && state !== undefined && !isFinal(state) && state !== 'LOST';
      if (isOpen && isSynced && !open.has(simulation.simulationId)) await demandDraining(client);
      if (isOpen) open.add(simulation.simulationId);
      else open.delete(simulation.simulationId);
    }
    if (!isSynced || open.size === told) continue;
    told = open.size;
    note(host, `draining; ${leftText(told)}`);
    if (told === 0) return;
  }
}

/** One that is new may have been let in just before. */
async function demandDraining(client: Session['client']): Promise<void> {
  const { message } = await client.call('GetInfo', {});
  if (!message.draining) throw new CliError(EXIT.failed, 'somebody ended the drain: new simulations are taken again');
}

function leftText(count: number): string {
  if (count === 0) return 'no simulation is left';
  return count === 1 ? '1 simulation is left' : `${count} simulations are left`;
}
