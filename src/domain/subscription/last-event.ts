import type { SimulationId } from '../ids.ts';
import type { EventIntake } from '../ingest/event-intake.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';

export interface LastEventParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly intake: Pick<EventIntake, 'settled'>;
}

/**
 * Resolves when no event of these simulations can come any more: each has ended, the token of its worker is refused,
 * and what was accepted before is published and logged. One that does not exist yet is waited for.
 *
 * All are waited for at once: the record of one that has ended may be forgotten while others go on.
 *
 * Rejects with the signal's reason.
 */
export async function afterLastEvent(
  parts: LastEventParts,
  ids: readonly SimulationId[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(ids.map((id) => afterLastEventOf(parts, id, signal)));
}

async function afterLastEventOf(
  { registry, directory, intake }: LastEventParts,
  id: SimulationId,
  signal: AbortSignal,
): Promise<void> {
  await whenEnded(registry, id, signal);
  const revoked = directory.holderOf(id)?.revoked;
  if (revoked !== undefined) await whenAborted(revoked, signal);
  await intake.settled(id);
}

function whenEnded(registry: SimulationRegistry, id: SimulationId, signal: AbortSignal): Promise<void> {
  const present = registry.find(id);
  if (present !== undefined && isFinal(present.state)) return Promise.resolve();
  return cancellable(signal, (done) =>
    registry.onChange(({ kind, after: { simulation } }) => {
      if (simulation.id === id && (kind === 'forgotten' || isFinal(simulation.state))) done();
    }),
  );
}

function whenAborted(awaited: AbortSignal, signal: AbortSignal): Promise<void> {
  if (awaited.aborted) return Promise.resolve();
  return cancellable(signal, (done) => {
    awaited.addEventListener('abort', done);
    return () => awaited.removeEventListener('abort', done);
  });
}

/** @param listen calls `done` at some time; returns what ends that */
async function cancellable(signal: AbortSignal, listen: (done: () => void) => () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  const stop = listen(resolve);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    await promise;
  } finally {
    stop();
    signal.removeEventListener('abort', abort);
  }
}
