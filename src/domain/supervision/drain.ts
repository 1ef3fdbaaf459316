import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import { ignore } from '../ignore.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { Supervisor } from './supervisor.ts';

/** What a drain told of itself, for the log. */
export type DrainEvent =
  | { readonly kind: 'began'; readonly remaining: number; readonly deadlineMs?: number }
  | { readonly kind: 'emptied' }
  | { readonly kind: 'deadline'; readonly remaining: number }
  | { readonly kind: 'cancelled' };

export interface DrainParts {
  /** Where others read whether new simulations are taken. */
  readonly state: { draining: boolean };
  readonly registry: SimulationRegistry;
  readonly supervisor: Supervisor;
  readonly catalogue: WorkerTypeCatalogue;
  readonly clock: Clock;
  readonly listener: (event: DrainEvent) => void;
}

/**
 * Empties the daemon: no new simulations are taken, the present ones go on and are restarted as before; at the deadline,
 * if there is one, those that are left are stopped. Ends only by {@link cancel}, or with the daemon.
 */
export class Drain {
  readonly #parts: DrainParts;
  #overdue = false;
  #isEmpty = false;
  #cancelTimer: CancelTimer = () => {};
  #unfollow = (): void => {};
  #emptied = Promise.withResolvers<void>();

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** How many simulations are not over; one that is LOST has no worker here and does not count. */
  get remaining(): number {
    let count = 0;
    for (const simulation of this.#parts.registry.simulations()) if (isOpen(simulation)) count += 1;
    return count;
  }

  /** Resolves when the last simulation is over; only while it drains. */
  get emptied(): Promise<void> {
    return this.#emptied.promise;
  }

  /** Idempotent. @param deadlineMs from now, in place of the one before; left out: the one before stays, if there is one */
  begin(deadlineMs?: number): void {
    const { state, registry, clock, listener } = this.#parts;
    const began = !state.draining;
    if (began) {
      state.draining = true;
      this.#unfollow = registry.onChange(({ after }) => this.#changed(after.simulation));
    }
    if (began || deadlineMs !== undefined) {
      listener({ kind: 'began', remaining: this.remaining, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
    }
    if (deadlineMs !== undefined) {
      this.#cancelTimer();
      this.#cancelTimer = clock.after(deadlineMs, () => this.#stopRest());
    }
    if (began) this.#tellWhenEmpty();
  }

  /** Takes new simulations again. Idempotent; what the deadline has begun to stop is stopped. */
  cancel(): void {
    const { state, listener } = this.#parts;
    if (!state.draining) return;
    state.draining = false;
    this.#overdue = false;
    this.#isEmpty = false;
    this.#cancelTimer();
    this.#unfollow();
    this.#emptied = Promise.withResolvers();
    listener({ kind: 'cancelled' });
  }

  #changed(simulation: Simulation): void {
    if (!isOpen(simulation)) this.#tellWhenEmpty();
    // A start that was let in just before the drain began may be recorded as late as this.
    else if (this.#overdue && simulation.state === 'PENDING') this.#stop(simulation);
  }

  #tellWhenEmpty(): void {
    if (this.#isEmpty || this.remaining > 0) return;
    this.#isEmpty = true;
    this.#parts.listener({ kind: 'emptied' });
    this.#emptied.resolve();
  }

  #stopRest(): void {
    this.#overdue = true;
    const open = [...this.#parts.registry.simulations()].filter(isOpen);
    this.#parts.listener({ kind: 'deadline', remaining: open.length });
    for (const simulation of open) this.#stop(simulation);
  }

  #stop({ id, workerType }: Simulation): void {
    const { supervisor, catalogue } = this.#parts;
    const graceMs = catalogue.get(workerType)?.config.stop.graceMs ?? 0;
    // What cannot be recorded as stopped is tried by nobody but the next deadline, or the stop of the daemon.
    supervisor.stop(id, 'SHUTDOWN', { force: false, graceMs }).catch(ignore);
  }
}

function isOpen({ state }: Simulation): boolean {
  return !isFinal(state) && state !== 'LOST';
}
