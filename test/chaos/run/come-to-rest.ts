import { until } from '../../support/daemon/until.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import { workerProcesses } from '../setting/worker-processes.ts';
import { allSimulations } from './all-simulations.ts';
import type { Play } from './play-round.ts';

/** A worker that hangs is found within three heartbeats of a second, ended within two graces, and begun anew. */
const REST_TIMEOUT_MS = 45_000;

/**
 * Nothing is broken any more: what was stopped is woken, and everybody has time. Then every simulation is over, or it
 * gets on: its worker reports events, or is paused. @throws Error that names those that do neither
 */
export async function comeToRest({ setting, population, commander, diary }: Play): Promise<void> {
  wakeStopped(setting);
  await population.settled();
  await commander.settled();
  const stuck = new Map<string, string>();
  const received = new Map<string, number>();
  diary.note('waiting for rest');
  await until(
    'every simulation is over or gets on',
    async () => {
      stuck.clear();
      for (const { simulationId, state, eventsReceived, message } of await allSimulations(setting.daemon)) {
        if (/COMPLETED|FAILED|STOPPED$|PAUSED/.test(state)) continue;
        const events = Number(eventsReceived);
        const before = received.get(simulationId);
        received.set(simulationId, before ?? events);
        if (state === 'SIMULATION_STATE_RUNNING' && before !== undefined && events > before) continue;
        stuck.set(simulationId, `${state}, ${events} events: ${message}`);
      }
      return stuck.size === 0;
    },
    REST_TIMEOUT_MS,
  ).catch((error: Error) => {
    const who = [...stuck].map(([id, what]) => `${id} is ${what}`).join('; ');
    throw new Error(`${error.message}; ${who}`);
  });
}

/** By SIGCONT, which does nothing to those that were not stopped. */
function wakeStopped({ files }: ChaosSetting): void {
  for (const { pid } of workerProcesses(files.folder)) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
