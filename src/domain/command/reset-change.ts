import { jsonConfiguration } from '../simulation/run-configuration.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { ResetCommand } from './control-request.ts';

/** What a reset changes in the simulation's record: only what it names. */
export function changeByReset({ seed, config }: ResetCommand): Pick<Partial<Simulation>, 'seed' | 'configuration'> {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(config === undefined ? {} : { configuration: jsonConfiguration(config) }),
  };
}
