import type { SentCommand, StartedSimulation } from '../run/diary.ts';
import type { WorkerJournal } from './journal-reader.ts';

/** A simulation and the request that its label names. */
export interface LabelledSimulation {
  readonly simulationId: string;
  readonly requestId: string | undefined;
}

/** One request to start is one simulation, however often it was sent. A finding is a sentence. */
export function checkStarts(
  starts: readonly StartedSimulation[],
  simulations: readonly LabelledSimulation[],
): string[] {
  const byRequest = Map.groupBy(simulations, ({ requestId }) => requestId ?? '');
  return starts.flatMap(({ requestId, simulationId }) => {
    const made = (byRequest.get(requestId) ?? []).map((it) => it.simulationId);
    if (made.length > 1) return [`${requestId} made ${made.length} simulations: ${made.join(', ')}`];
    if (simulationId !== undefined && made[0] !== simulationId)
      return [`${requestId} was answered with ${simulationId}, and ${made[0] ?? 'no simulation'} bears its label`];
    return [];
  });
}

/** A command is done once at most, and once exactly when it is answered as done. A finding is a sentence. */
export function checkCommands(commands: readonly SentCommand[], journals: readonly WorkerJournal[]): string[] {
  const done = journals.flatMap((journal) => journal.commands);
  const byId = Map.groupBy(done, ({ commandId }) => commandId);
  const byRequest = Map.groupBy(done, ({ request }) => request);
  const twice = [...byId].filter(([, times]) => times.length > 1);
  return [
    ...twice.map(([id, times]) => `command ${id}, a ${times[0]?.name}, was done ${times.length} times`),
    ...commands.flatMap((command) => checkCommand(command, byId, byRequest)),
  ];
}

function checkCommand(
  { requestId, name, simulationId, outcome, attempts, commandIds }: SentCommand,
  byId: ReadonlyMap<string, readonly unknown[]>,
  byRequest: ReadonlyMap<string, readonly unknown[]>,
): string[] {
  const what = `${requestId}, a ${name} of ${simulationId} sent ${attempts} times,`;
  const findings: string[] = [];
  if (outcome === undefined) findings.push(`${what} was never answered`);
  if (commandIds.size > 1) findings.push(`${what} was answered as commands ${[...commandIds].join(' and ')}`);
  const noted = byRequest.get(requestId)?.length ?? 0;
  if (noted > 1) findings.push(`${what} was done ${noted} times`);
  const [commandId = ''] = commandIds;
  // A reset or stop may be done to the process, which writes nothing then.
  if (outcome === 'applied' && name !== 'stop' && name !== 'reset' && !byId.has(commandId))
    findings.push(`${what} was answered as done, and no worker did ${commandId}`);
  return findings;
}
