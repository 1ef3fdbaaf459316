import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import { demand } from '../harness/violation.ts';
import type { World } from '../harness/world.ts';
import { NO_COMMAND_FAULTS } from '../ports/simulated-command-channel.ts';
import { codeOf, SimulatedClient } from './simulated-client.ts';

/** A command for every simulation that is up, in calm times: it is done, also when it is lost on its first way. */
export async function probe(world: World): Promise<void> {
  world.commandFaults = { ...NO_COMMAND_FAULTS, losesFirst: true };
  const up = world.records.all().filter(({ simulation: { state } }) => state === 'RUNNING' || state === 'PAUSED');
  await Promise.all(up.map(({ simulation }) => probeOne(world, simulation)));
  world.commandFaults = NO_COMMAND_FAULTS;
}

async function probeOne({ scheduler, network, machine }: World, { id, workerId }: Simulation): Promise<void> {
  const process = machine.alive.find(({ plan }) => plan.workerId === workerId);
  if (process?.program?.trouble?.kind === 'frozen') return;
  const client = new SimulatedClient(scheduler, network, 'prober');
  const command = { name: 'custom', key: 'fish.greet', payload: new Uint8Array(), contentType: '' } as const;
  const request = { simulationId: id, command, requestId: '', fingerprint: '', wait: true };
  const outcome = await client
    .call(`probe ${id}`, (daemon, context) => daemon.control.run(context, request))
    .then(({ phase }) => phase, codeOf);
  demand(outcome === 'APPLIED' || !process?.alive, () => `${id} is up, and a command is ${outcome}`);
}
