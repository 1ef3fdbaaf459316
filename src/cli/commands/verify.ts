import type { Command } from 'commander';
import { CliError, toCliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { type Session, withSession } from '../session.ts';
import { type Finding, LogCheck } from '../verify/log-check.ts';

const OVER: ReadonlySet<string> = new Set([
  'SIMULATION_STATE_COMPLETED',
  'SIMULATION_STATE_FAILED',
  'SIMULATION_STATE_STOPPED',
]);

export function defineVerify(command: Command, host: CliHost): void {
  command
    .summary('check that the log has all events of a simulation')
    .description(
      'Read the logged events of a simulation from the beginning and check that none is missing and none is there twice, against its manifest.',
    )
    .argument('<id>', 'id of the simulation')
    .action((simulationId: string) => withSession(host, command, (session) => verify(session, simulationId)));
}

/** @throws CliError with exit code 1 when something is missing or double */
async function verify(session: Session, simulationId: string): Promise<void> {
  const check = new LogCheck();
  // Of one that is over, the events end with the manifest, which may take a moment to come.
  const state = await stateOf(session, simulationId);
  const goesOn = state !== undefined && !OVER.has(state);
  const request = { simulationId, fromBeginning: true, noFollow: goesOn || state === undefined };
  for await (const { message } of session.client.stream('SubscribeToEvents', request)) {
    const { event, logSequence, simulationSequence } = message;
    if (event === null || logSequence === '0') continue;
    check.take({
      eventId: event.eventId,
      eventTypeKey: event.eventTypeKey,
      sourceWorkerId: event.sourceWorkerId,
      ordinal: Number(event.ordinal),
      payload: event.eventPayload,
      logSequence: Number(logSequence),
      simulationSequence: Number(simulationSequence),
    });
  }
  const finding = check.finding(goesOn);
  // Of one that nobody knows, and of which nothing is kept, there is nothing to say.
  if (check.isEmpty) await session.client.call('GetSimulationStatus', { simulationId });
  await session.print({
    text: () => findingText(simulationId, finding),
    json: () => ({ simulationId, ...finding, reasons: [...finding.reasons], notes: [...finding.notes] }),
  });
  if (finding.verdict === 'INCOMPLETE') throw new CliError(EXIT.failed, '');
}

/** Undefined where there is no record: it may be forgotten, and have events in the log still. */
async function stateOf({ client }: Session, simulationId: string): Promise<string | undefined> {
  try {
    const { message } = await client.call('GetSimulationStatus', { simulationId });
    return message.simulation?.state ?? '';
  } catch (thrown) {
    if (toCliError(thrown).reason === 'SIMULATION_NOT_FOUND') return undefined;
    throw thrown;
  }
}

function findingText(id: string, { verdict, reasons, notes, events, ...places }: Finding): string {
  const { firstLogSequence, lastLogSequence } = places;
  const where = events === 0 ? '' : `, from ${firstLogSequence} to ${lastLogSequence} in the log`;
  const what = verdict === 'RUNNING' ? ' (no manifest yet: this is what there is so far)' : '';
  return [
    `${id}: ${verdict}${what}: ${events} events${where}`,
    ...reasons.map((text) => `  ${text}`),
    ...notes.map((text) => `  note: ${text}`),
  ].join('\n');
}
