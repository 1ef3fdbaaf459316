import type { SimulatedDaemon } from '../actors/simulated-daemon.ts';
import type { Subscriber } from '../actors/subscriber.ts';
import { demand } from '../harness/violation.ts';
import type { World } from '../harness/world.ts';
import { isOver } from './record-check.ts';

/** Batches in flight, of every worker that a world can have at once, by two streams. */
const MAX_WAITING = 64;

/** When the daemon has stopped: nothing is left that runs, waits or holds on to something. */
export function demandRest(world: World, daemon: SimulatedDaemon, subscribers: readonly Subscriber[]): void {
  const { machine, records, folders, plan } = world;
  for (const { plan: launched, simulationId } of machine.alive) {
    demand(false, () => `worker ${launched.workerId} of ${simulationId} is alive`);
  }
  for (const { simulation } of records.all()) {
    const { id, state } = simulation;
    demand(isOver(state), () => `${id} is ${state} when all is over`);
  }
  for (const subscriber of subscribers) {
    if (isOver(records.find(subscriber.simulationId)?.simulation.state ?? '')) subscriber.compare();
  }
  demand(plan.trouble.outages > 0 || folders.size === 0, () => `${folders.size} folders of workers are left`);
  const { clock, log, directory } = daemon;
  demand(clock.pending === 0, () => `${clock.pending} timers are set`);
  demand(log.readers === 0, () => `${log.readers} readers of the log are open`);
  demand(log.waiting === 0, () => `${log.waiting} batches are not durable`);
  demand(log.mostWaiting <= MAX_WAITING, () => `${log.mostWaiting} batches were waiting for the log`);
  demand(directory.all().length === 0, () => `${directory.all().length} workers are in the directory`);
}
