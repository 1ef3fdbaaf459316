import type { LoadOutcome } from '../load/load-outcome.ts';
import { type LoadWorker, RUST_WORKER } from '../stage.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import type { ShoalClient } from '../support/shoal-client.ts';
import type { LoadOrder } from '../workers/load-order.ts';

/** Has a load worker report events, and returns when all of them have been dealt with. */
export async function loadBy(
  worker: LoadWorker,
  client: ShoalClient,
  simulation: string,
  order: LoadOrder,
): Promise<LoadOutcome> {
  if (worker !== RUST_WORKER) return client.ask<LoadOutcome>(simulation, 'bench.load', order);
  const { pid } = await client.ask<{ readonly pid: number }>(simulation, 'bench.pid');
  const cpuBefore = await processCpuSeconds(pid);
  const startedMs = performance.now();
  // Its answer is an event like the others, and comes when those before it have been dealt with.
  const { sent } = await client.ask<{ readonly sent: number }>(simulation, 'bench.load', order);
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpuAfter = await processCpuSeconds(pid);
  const cpuSeconds = cpuBefore === undefined || cpuAfter === undefined ? Number.NaN : cpuAfter - cpuBefore;
  return { sent, acknowledged: sent, rejected: 0, seconds, cpuSeconds };
}
