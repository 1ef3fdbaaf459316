import type { SimulatedProcess } from '../actors/simulated-process.ts';
import { demand } from '../harness/violation.ts';
import type { World } from '../harness/world.ts';
import { isOver } from './record-check.ts';

/** After a while without trouble: what the registry says is what is, and whoever is of no use has been found out. */
export function demandTruth(world: World, calmSinceMs: number): void {
  const { machine, records, config, network } = world;
  for (const process of machine.alive) demandKnown(world, process);
  for (const { simulation } of records.all()) {
    const { id, state, workerId, workerType } = simulation;
    const process = machine.alive.find(({ plan }) => plan.workerId === workerId);
    const isUp = state === 'RUNNING' || state === 'PAUSED';
    demand(!isUp || process !== undefined, () => `${id} is ${state}, and ${workerId} has gone`);
    if (process?.program === undefined) continue;
    const { program, beatsHeardBy } = process;
    // Who has told it nothing need not be known.
    const beats = beatsHeardBy === network.daemon?.life.number;
    if (isUp && beats && program.trouble?.kind !== 'frozen') {
      demand(program.isPaused === (state === 'PAUSED'), () => `${id} is ${state}, and ${workerId} says otherwise`);
    }
    const type = config.current().config.workerTypes.find(({ name }) => name === workerType);
    const { trouble } = program;
    if (trouble === undefined || trouble.sinceMs > calmSinceMs) continue;
    const isFindable =
      trouble.kind === 'never registers' ||
      (trouble.kind === 'frozen' && beats) ||
      (trouble.kind === 'stalled' && beats && state === 'RUNNING' && type?.limits.stallTimeoutMs !== 0);
    demand(
      !isFindable,
      () => `${workerId} of ${id} is ${trouble.kind} since ${trouble.sinceMs} ms, and nobody notices`,
    );
  }
}

function demandKnown({ records }: World, { plan: { workerId }, simulationId }: SimulatedProcess): void {
  const simulation = records.find(simulationId as never)?.simulation;
  demand(simulation !== undefined, () => `${workerId} runs for ${simulationId}, which nobody knows`);
  const { state } = simulation;
  demand(!isOver(state), () => `${workerId} runs for ${simulationId}, which is ${state}`);
  demand(
    simulation.workerId === workerId,
    () => `${workerId} runs for ${simulationId}, which has ${simulation.workerId}`,
  );
}
