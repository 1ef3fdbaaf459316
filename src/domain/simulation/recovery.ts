import { moveTo } from './lifecycle.ts';
import type { RequestMemory } from './request-memory.ts';
import type { SimulationRegistry } from './simulation-registry.ts';
import { isFinal } from './simulation-state.ts';

/**
 * What becomes of the simulations that the daemon before left behind: those that were not over are LOST, because nobody
 * can say whether their workers still run; one that had no worker yet never gets one by itself. Called once, before
 * anything is launched.
 *
 * @returns how many were lost now
 */
export async function recoverSimulations(registry: SimulationRegistry): Promise<number> {
  const left = [...registry.simulations()].filter(({ state }) => !isFinal(state) && state !== 'LOST');
  for (const { id, state, ownerId } of left) {
    const message = `daemon ${ownerId} ended without stopping it; it was ${state}. Its worker ends by itself when it cannot reach Shoal; \`shoal stop\` settles the record`;
    await registry.change(id, (present) => moveTo(present, 'LOST', { reason: 'OWNER_GONE', message }));
  }
  return left.length;
}

/** Requests to start that the daemon before has answered are known to this one, for as long as their simulations are. */
export function recallRequests(registry: SimulationRegistry, requests: RequestMemory, nowMs: number): void {
  const oldestFirst = [...registry.simulations()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  for (const { id, request, createdAtMs } of oldestFirst) {
    if (request !== undefined) requests.recall(request, id, nowMs - createdAtMs);
  }
}
