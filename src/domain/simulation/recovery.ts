import type { RequestMemory } from './request-memory.ts';
import type { SimulationRegistry } from './simulation-registry.ts';

/** Requests to start that the daemon before has answered are known to this one, for as long as their simulations are. */
export function recallRequests(registry: SimulationRegistry, requests: RequestMemory, nowMs: number): void {
  const oldestFirst = [...registry.simulations()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  for (const { id, request, createdAtMs } of oldestFirst) {
    if (request !== undefined) requests.recall(request, id, nowMs - createdAtMs);
  }
}
