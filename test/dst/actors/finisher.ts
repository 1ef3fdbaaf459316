import type { SimulationId } from '../../../src/domain/ids.ts';
import type { World } from '../harness/world.ts';
import { codeOf, mayTryAgain, SimulatedClient } from './simulated-client.ts';

const TRY_AGAIN_MS = 200;

/** Somebody who ends everything that does not end by itself. */
export class Finisher {
  readonly #world: World;
  readonly #client: SimulatedClient;

  constructor(world: World) {
    this.#world = world;
    this.#client = new SimulatedClient(world.scheduler, world.network, 'finisher');
  }

  async stopAll(): Promise<void> {
    for (const { simulation } of this.#world.records.all()) await this.#stop(simulation.id);
  }

  async #stop(simulationId: SimulationId): Promise<void> {
    const command = { name: 'stop', force: false } as const;
    const request = { simulationId, command, requestId: '', fingerprint: '', wait: false };
    for (let code = 'CUT'; mayTryAgain(code); ) {
      code = await this.#client
        .call(`stop ${simulationId}`, (daemon, context) => daemon.control.run(context, request))
        .then(() => 'OK', codeOf);
      await this.#client.sleep(TRY_AGAIN_MS);
    }
  }
}
