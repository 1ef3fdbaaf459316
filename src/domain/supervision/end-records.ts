import type { Clock } from '../../ports/clock.ts';
import type { SimulationId, WorkerId } from '../ids.ts';
import { LastingChanges } from '../simulation/lasting-changes.ts';
import {
  afterWorkerEnd,
  launchFailed,
  type RestartDecider,
  stopping,
  type WorkerEnd,
} from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { RestartDecisions } from './restart-decisions.ts';
import type { Worker } from './worker.ts';

/** Writes down how workers ended, and what follows. */
export class EndRecords {
  readonly #changes: LastingChanges;
  readonly #clock: Clock;
  readonly #decisions: RestartDecisions;
  #closing = false;

  constructor(registry: SimulationRegistry, clock: Clock, decisions: RestartDecisions) {
    this.#changes = new LastingChanges(registry, clock);
    this.#clock = clock;
    this.#decisions = decisions;
  }

  /** From now on every end is by the daemon's own. */
  close(): void {
    this.#closing = true;
    this.#decisions.close();
  }

  /**
   * @param workerId in the record when it failed: by now it may be the next worker's
   * @param mayPass another try may do better
   * @returns the record as it is now, as soon as the registry has taken it
   * @throws ShoalError where it never will
   */
  launchFailed(
    id: SimulationId,
    workerId: WorkerId | undefined,
    failure: { readonly message: string; readonly mayPass: boolean },
  ): Promise<Simulation> {
    const end = { atMs: this.#clock.nowMs(), description: failure.message };
    const decide: RestartDecider = (...asked) =>
      failure.mayPass ? this.#decisions.decide(...asked) : { kind: 'none' };
    return this.#changes.write(id, (present) =>
      present.workerId === workerId ? launchFailed(present, end, decide) : present,
    );
  }

  /**
   * @param onDelay called when the registry does not take it now, and it is tried again
   * @returns the record as it is now, as soon as the registry has taken it
   * @throws ShoalError where it never will
   */
  ended(id: SimulationId, worker: Worker, end: WorkerEnd, onDelay: () => void): Promise<Simulation> {
    const next = (present: Simulation): Simulation => {
      if (present.workerId !== worker.id) return present;
      const wanted = this.#closing ? stopping(present, 'SHUTDOWN', end.atMs) : present;
      return afterWorkerEnd(wanted, end, (...asked) => this.#decisions.decide(...asked));
    };
    const goesOn = () => {
      onDelay();
      return true;
    };
    return this.#changes.write(id, next, { goesOn });
  }
}
