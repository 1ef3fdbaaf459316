import type { Command } from 'commander';
import { CliError, toCliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { note } from '../note.ts';
import { collectTexts } from '../option-values.ts';
import { type Session, withSession } from '../session.ts';

interface RemoveFlags {
  readonly all?: true;
  readonly label?: readonly string[];
  readonly force?: true;
}

/** Calls at once; each may delete many events. */
const AT_ONCE = 8;
const PAGE_SIZE = 1_000;
const OVER = ['SIMULATION_STATE_COMPLETED', 'SIMULATION_STATE_FAILED', 'SIMULATION_STATE_STOPPED'] as const;

export function defineRemove(command: Command, host: CliHost): void {
  command
    .summary('forget simulations that are over')
    .description('Forget simulations that are over, with their logged events; their ids are free again.')
    .argument('[id...]', 'ids of the simulations')
    .option('--all', 'all that are over, in place of ids')
    .option(
      '--label <selector>',
      'those that are over with these labels, in place of ids; may be repeated',
      collectTexts,
    )
    .option('--force', 'end those first that are not over, at once')
    .action((ids: string[], flags: RemoveFlags) => {
      const ways = [ids.length > 0, flags.all === true, flags.label !== undefined].filter(Boolean).length;
      if (ways !== 1) {
        throw new CliError(EXIT.usage, 'rm takes ids, or --all, or --label; name one of them');
      }
      return withSession(host, command, (session) => remove(session, [...new Set(ids)], flags));
    });
}

interface Outcome {
  readonly id: string;
  readonly failure?: CliError;
}

/** What worked is printed, also when something did not. @throws CliError with the exit code of the failures when they agree, else 1 */
async function remove(session: Session, given: readonly string[], flags: RemoveFlags): Promise<void> {
  const ids = given.length > 0 ? given : await selected(session, flags);
  const outcomes: Outcome[] = [];
  for (let at = 0; at < ids.length && !session.host.interrupts.signal.aborted; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    outcomes.push(...(await Promise.all(some.map((id) => removeOne(session, id, flags.force === true)))));
  }
  if (session.host.interrupts.signal.aborted) throw new CliError(EXIT.interrupted, '');
  const removed = outcomes.filter(({ failure }) => failure === undefined).map(({ id }) => id);
  await session.print({
    text: () => removed.join('\n'),
    json: () => ({ removed }),
    items: () => removed.map((simulationId) => ({ simulationId })),
  });
  if (ids.length === 0 && session.format === 'table') session.host.stderr.write('no simulations\n');
  const failures = outcomes.flatMap(({ id, failure }) => (failure === undefined ? [] : [{ id, failure }]));
  const [first] = failures;
  if (first === undefined) return;
  // One daemon that is not there is said once.
  if (failures.some(({ failure }) => failure.exitCode === EXIT.unreachable)) throw first.failure;
  for (const { id, failure } of failures) note(session.host, `rm ${id}: ${failure.message}`);
  const agree = failures.every(({ failure }) => failure.exitCode === first.failure.exitCode);
  throw new CliError(agree ? first.failure.exitCode : EXIT.failed, '');
}

async function removeOne({ client }: Session, id: string, force: boolean): Promise<Outcome> {
  const call = () => client.call('RemoveSimulation', { simulationId: id }, { timeoutMs: Number.POSITIVE_INFINITY });
  try {
    await call().catch(async (thrown: unknown) => {
      if (!force || toCliError(thrown).reason !== 'ILLEGAL_TRANSITION') throw thrown;
      await client.call(
        'ControlSimulation',
        { simulationId: id, stop: { force: true }, waitForCompletion: true },
        { timeoutMs: Number.POSITIVE_INFINITY },
      );
      await call();
    });
    return { id };
  } catch (thrown) {
    return { id, failure: toCliError(thrown) };
  }
}

async function selected({ client }: Session, { label = [] }: RemoveFlags): Promise<string[]> {
  const ids: string[] = [];
  let pageToken = '';
  do {
    const request = { states: [...OVER], labelSelector: label.join(','), pageSize: PAGE_SIZE, pageToken };
    const { message } = await client.call('ListSimulations', request);
    ids.push(...message.simulations.map(({ simulationId }) => simulationId));
    pageToken = message.nextPageToken;
  } while (pageToken !== '');
  return ids;
}
