import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { SimulationId } from '../ids.ts';
import { toShoalError } from '../shoal-error.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationChange, SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { Supervisor } from './supervisor.ts';
import type { WorkerDirectory } from './worker-directory.ts';

/** Between two attempts to write that it is stopped: the disk may be full. */
const RETRY_MS = 1_000;

export interface RunTimeLimitParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
}

/** Stops simulations whose `max_run_time` is over. It counts from the first launch, in whatever state they are. */
export class RunTimeLimit {
  readonly #parts: RunTimeLimitParts;
  readonly #timers = new Map<SimulationId, CancelTimer>();

  constructor(parts: RunTimeLimitParts) {
    this.#parts = parts;
  }

  /** Called once. */
  begin(): void {
    const { registry } = this.#parts;
    registry.onChange((change) => this.#changed(change));
    for (const simulation of registry.simulations()) this.#begin(simulation);
  }

  #changed({ kind, after: { simulation } }: SimulationChange): void {
    const { id, state } = simulation;
    if (kind === 'forgotten' || isFinal(state)) {
      this.#timers.get(id)?.();
      this.#timers.delete(id);
    } else this.#begin(simulation);
  }

  /** What is left of the time goes by the wall clock, for it counts on over restarts of the daemon; that clock may jump. */
  #begin(simulation: Simulation): void {
    const { id, state, maxRunTimeMs, startedAtMs } = simulation;
    if (maxRunTimeMs === undefined || startedAtMs === undefined || this.#timers.has(id)) return;
    if (isFinal(state) || state === 'LOST') return;
    const { clock } = this.#parts;
    const leftMs = Math.min(maxRunTimeMs, Math.max(0, startedAtMs + maxRunTimeMs - clock.nowMs()));
    this.#timers.set(
      id,
      clock.after(leftMs, () => this.#stop(simulation)),
    );
  }

  #stop(simulation: Simulation): void {
    const { id } = simulation;
    const { supervisor, directory } = this.#parts;
    const graceMs = directory.ofSimulation(id)?.type.config.stop.graceMs ?? 0;
    supervisor.stop(id, 'MAX_RUN_TIME', { force: false, graceMs }).catch((thrown) => {
      // The record cannot be written now; it is forgotten when this is about one that is gone.
      if (toShoalError(thrown).code !== 'BUS_UNAVAILABLE') return;
      this.#timers.set(
        id,
        this.#parts.clock.after(RETRY_MS, () => this.#stop(simulation)),
      );
    });
  }
}
