import type { CommandName } from '../../../src/domain/command/command.ts';
import type { ShoalConfig } from '../../../src/domain/configuration.ts';
import type { WorkerLaunch } from '../../../src/domain/worker-type.ts';
import type { LaunchPlan } from '../../../src/ports/worker-launcher.ts';
import { FakeCatalogue, fakeWorkerType } from '../../support/fakes/fake-worker-type.ts';
import { LIVE_KEY, LOGGED_KEY } from '../actors/event-keys.ts';

const EVENTS = [{ key: LOGGED_KEY }, { key: LIVE_KEY, log: false }];
const ALL: readonly CommandName[] = ['pause', 'resume', 'step', 'reset', 'stop', 'custom'];

/**
 * The worker types that the configuration names. `snail` cannot reset: it gets a new process.
 *
 * @param listening resolves when workers can call: until then no plan of a launch is ready
 */
export function simulatedCatalogue(config: ShoalConfig, listening: Promise<void>): FakeCatalogue {
  return new FakeCatalogue(
    config.workerTypes.map((type) =>
      fakeWorkerType(type.name, {
        config: type,
        events: EVENTS,
        commands: type.name === 'snail' ? ALL.filter((command) => command !== 'reset') : ALL,
        plan: async (launch) => {
          await listening;
          return planOf(launch, type.orphans === 'adopt');
        },
      }),
    ),
  );
}

function planOf({ workerId, simulationId, incarnation, token }: WorkerLaunch, outlives: boolean): LaunchPlan {
  return {
    workerId,
    outlives,
    executable: 'worker',
    args: [],
    env: {
      SHOAL_WORKER_ID: workerId,
      SHOAL_SIMULATION_ID: simulationId,
      SHOAL_INCARNATION: String(incarnation),
      SHOAL_WORKER_TOKEN: token,
    },
  };
}
