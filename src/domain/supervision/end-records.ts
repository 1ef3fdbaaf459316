import type { Clock } from '../../ports/clock.ts';
import type { WorkerExit } from '../../ports/worker-launcher.ts';
import type { SimulationId } from '../ids.ts';
import { toShoalError } from '../shoal-error.ts';
import { afterWorkerEnd, launchFailed } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Worker } from './worker.ts';

/** Between two attempts: the disk may be full. */
const RETRY_MS = 1_000;

/** Writes down how workers ended. What has happened does not happen again: it is tried for as long as Shoal runs. */
export class EndRecords {
  readonly #registry: SimulationRegistry;
  readonly #clock: Clock;

  constructor(registry: SimulationRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  async launchFailed(id: SimulationId, message: string): Promise<void> {
    const atMs = this.#clock.nowMs();
    await this.#write(id, (present) => launchFailed(present, message, atMs));
  }

  /** @returns the record as it is now; undefined when it could not be written yet */
  ended(id: SimulationId, worker: Worker, exit: WorkerExit, description: string): Promise<Simulation | undefined> {
    const end = {
      atMs: this.#clock.nowMs(),
      description,
      ...(exit.code === undefined ? {} : { exitCode: exit.code }),
      ...(exit.signal === undefined ? {} : { exitSignal: exit.signal }),
      ...(worker.verdict === undefined ? {} : { verdict: worker.verdict.reason }),
    };
    return this.#write(id, (present) => (present.workerId === worker.id ? afterWorkerEnd(present, end) : present));
  }

  async #write(id: SimulationId, next: (present: Simulation) => Simulation): Promise<Simulation | undefined> {
    try {
      return await this.#registry.change(id, next);
    } catch (thrown) {
      if (toShoalError(thrown).code === 'BUS_UNAVAILABLE') {
        this.#clock.after(RETRY_MS, () => void this.#write(id, next));
      }
      return undefined;
    }
  }
}
