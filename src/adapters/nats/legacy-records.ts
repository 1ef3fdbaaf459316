import type { SimulationId } from '../../domain/ids.ts';
import { toShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import type { Log } from '../../ports/log.ts';

/** A store that this one takes the place of. */
export interface LegacyRecords {
  /** Empty: there is nothing to take over. */
  list(): Promise<readonly Simulation[]>;
  /** All of them are in the registry now. */
  taken(): Promise<void>;
}

/** Begun anew by the next start when it is cut short: what has been taken over already is left alone. */
export async function takeOver(
  legacy: LegacyRecords | undefined,
  registry: {
    readonly isKept: (id: SimulationId) => boolean;
    readonly take: (simulation: Simulation) => Promise<unknown>;
    readonly ownerId: string;
    readonly log: Log;
  },
): Promise<void> {
  const { isKept, take, ownerId, log } = registry;
  const records = (await legacy?.list()) ?? [];
  if (records.length === 0) return;
  const missing = records.filter(({ id }) => !isKept(id));
  const outcomes = await Promise.allSettled(missing.map((simulation) => take({ ...simulation, ownerId })));
  let left = 0;
  for (const [at, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') continue;
    const { code } = toShoalError(outcome.reason);
    if (code !== 'SIMULATION_EXISTS' && code !== 'INVALID_ARGUMENT') throw outcome.reason;
    left += 1;
    log.error({ simulationId: missing[at]?.id, err: outcome.reason }, 'record of the local registry was left behind');
  }
  await legacy?.taken();
  log.info(
    { simulations: missing.length - left, left },
    'records of the local registry were taken over into the bucket',
  );
}
