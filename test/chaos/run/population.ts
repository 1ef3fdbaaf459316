import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import type { ChaosPlan } from '../plan/chaos-plan.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import { allSimulations } from './all-simulations.ts';
import type { Diary, StartedSimulation } from './diary.ts';
import { persistentCall } from './persistent-call.ts';

const PATIENCE_MS = 60_000;
const FINAL = ['COMPLETED', 'FAILED', 'STOPPED'].map((state) => `SIMULATION_STATE_${state}`);
const COMMANDABLE = ['SIMULATION_STATE_RUNNING', 'SIMULATION_STATE_PAUSED'];

/** The label under which a simulation tells by which request it was started. */
export const REQUEST_LABEL = 'chaos-request';

/** Starts simulations, so that there are always some that are not over. */
export class Population {
  readonly #plan: ChaosPlan;
  readonly #setting: ChaosSetting;
  readonly #diary: Diary;
  readonly #starting = new Set<Promise<void>>();

  constructor(plan: ChaosPlan, setting: ChaosSetting, diary: Diary) {
    this.#plan = plan;
    this.#setting = setting;
    this.#diary = diary;
  }

  /** Those that are not over, as the daemon says. */
  async alive(): Promise<string[]> {
    return this.#which((state) => !FINAL.includes(state));
  }

  /** Those to which a command can be sent. */
  running(): Promise<string[]> {
    return this.#which((state) => COMMANDABLE.includes(state));
  }

  /** Asks for as many as are missing; does not wait for the answers. */
  async topUp(wanted: number): Promise<void> {
    const missing = wanted - this.#starting.size - (await this.alive()).length;
    for (let left = missing; left > 0; left -= 1) {
      const starting = this.#start()
        .catch((error: Error) => void this.#diary.problems.push(error.message))
        .finally(() => this.#starting.delete(starting));
      this.#starting.add(starting);
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#starting);
  }

  async #which(wanted: (state: string) => boolean): Promise<string[]> {
    const simulations = await allSimulations(this.#setting.daemon);
    return simulations.filter(({ state }) => wanted(state)).map(({ simulationId }) => simulationId);
  }

  async #start(): Promise<void> {
    const { workerType, character } = this.#plan.simulation();
    const { daemon, journals } = this.#setting;
    const started: StartedSimulation = {
      requestId: `start-${this.#diary.starts.length + 1}`,
      workerType,
      simulationId: undefined,
      killsBefore: daemon.kills,
    };
    this.#diary.starts.push(started);
    const request = {
      workerType,
      requestId: started.requestId,
      labels: { [REQUEST_LABEL]: started.requestId },
      config: plainToStruct({ ...character, journals }),
    };
    const { answer, code } = await persistentCall(async () => (await daemon.client()).start(request), PATIENCE_MS);
    if (answer === undefined)
      throw new Error(`${started.requestId}, to start a ${workerType}, was answered with ${code}`);
    started.simulationId = answer.simulationId;
    this.#diary.note(`${answer.simulationId} is a ${workerType}: ${JSON.stringify(character)}`);
  }
}
