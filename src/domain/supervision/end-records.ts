import type { Clock } from '../../ports/clock.ts';
import type { SimulationId } from '../ids.ts';
import { toShoalError } from '../shoal-error.ts';
import { afterWorkerEnd, launchFailed, stopping, type WorkerEnd } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { RestartDecisions } from './restart-decisions.ts';
import type { Worker } from './worker.ts';

/** Between two attempts: the disk may be full. */
const RETRY_MS = 1_000;

/** Writes down how workers ended, and what follows. What has happened does not happen again: it is tried for as long as Shoal runs. */
export class EndRecords {
  readonly #registry: SimulationRegistry;
  readonly #clock: Clock;
  readonly #decisions: RestartDecisions;
  #closing = false;

  constructor(registry: SimulationRegistry, clock: Clock, decisions: RestartDecisions) {
    this.#registry = registry;
    this.#clock = clock;
    this.#decisions = decisions;
  }

  /** From now on every end is by the daemon's own. */
  close(): void {
    this.#closing = true;
    this.#decisions.close();
  }

  /**
   * @param mayPass another try may do better
   * @returns the record as it is now; undefined when it could not be written yet
   */
  launchFailed(id: SimulationId, message: string, mayPass: boolean): Promise<Simulation | undefined> {
    const end = { atMs: this.#clock.nowMs(), description: message };
    return this.#write(id, (present) =>
      launchFailed(present, end, (...asked) => (mayPass ? this.#decisions.decide(...asked) : { kind: 'none' })),
    );
  }

  /** @returns the record as it is now; undefined when it could not be written yet */
  ended(id: SimulationId, worker: Worker, end: WorkerEnd): Promise<Simulation | undefined> {
    return this.#write(id, (present) => {
      if (present.workerId !== worker.id) return present;
      const wanted = this.#closing ? stopping(present, 'SHUTDOWN', end.atMs) : present;
      return afterWorkerEnd(wanted, end, (...asked) => this.#decisions.decide(...asked));
    });
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
