import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { RETRY_MS } from '../simulation/lasting-changes.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { SimulationState } from '../simulation/simulation-state.ts';
import { utcTime } from '../utc-time.ts';
import type { WorkerDirectory } from './worker-directory.ts';
import type { WorkerTypeBreakers } from './worker-type-breakers.ts';

export interface LaunchTimersParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly catalogue: WorkerTypeCatalogue;
  readonly breakers: WorkerTypeBreakers;
  readonly clock: Clock;
  /** Launches a worker for a PENDING or RESTARTING simulation. False: the registry is away, and nothing has happened. Never rejects. */
  readonly launch: (id: SimulationId, traceparent?: string) => Promise<boolean>;
}

/**
 * Launches simulations: RESTARTING ones when it is time, as their records say, for which a circuit breaker that is open makes them
 * wait; and again whatever could not even be written down to be starting.
 */
export class LaunchTimers {
  readonly #parts: LaunchTimersParts;
  readonly #timers = new Map<SimulationId, CancelTimer>();
  #closed = false;

  constructor(parts: LaunchTimersParts) {
    this.#parts = parts;
    parts.registry.onChange(({ kind, before, after: { simulation } }) => {
      const { id, state, restartAtMs } = simulation;
      if (kind === 'forgotten' || !isToBeLaunched(state)) this.#cancel(id);
      else if (restartAtMs !== undefined && restartAtMs !== before?.restartAtMs) this.#wait(simulation, restartAtMs);
    });
  }

  /** At once. */
  async launch(id: SimulationId, traceparent?: string): Promise<void> {
    const { registry, launch } = this.#parts;
    if (await launch(id, traceparent)) return;
    const state = registry.find(id)?.state;
    if (state !== undefined && isToBeLaunched(state) && !this.#timers.has(id)) this.#arm(id, RETRY_MS);
  }

  /** For a record that was loaded. One without a time is launched at once. */
  resume(id: SimulationId): void {
    const simulation = this.#parts.registry.find(id);
    if (simulation?.state === 'RESTARTING') this.#wait(simulation, simulation.restartAtMs ?? 0);
  }

  /** Nothing is launched any more. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** A wall clock that was set since makes it at most as long as the policy would ever wait. */
  #wait({ id, workerType }: Simulation, restartAtMs: number): void {
    const { clock, catalogue } = this.#parts;
    const restart = catalogue.get(workerType)?.config.restart;
    const longestMs = Math.max(restart?.backoff.maxMs ?? 0, restart?.breaker.coolDownMs ?? 0);
    this.#arm(id, Math.min(longestMs, Math.max(0, restartAtMs - clock.nowMs())));
  }

  #arm(id: SimulationId, delayMs: number): void {
    this.#cancel(id);
    if (this.#closed) return;
    const due = () => {
      this.#timers.delete(id);
      void this.#due(id);
    };
    this.#timers.set(id, this.#parts.clock.after(delayMs, due));
  }

  async #due(id: SimulationId): Promise<void> {
    const { registry, directory, catalogue, breakers } = this.#parts;
    const before = directory.holderOf(id);
    if (before !== undefined) await before.gone;
    const simulation = registry.find(id);
    if (this.#closed || this.#timers.has(id) || simulation === undefined || !isToBeLaunched(simulation.state)) return;
    const type = catalogue.get(simulation.workerType);
    const admission = type === undefined ? undefined : breakers.admit(type, id);
    if (type !== undefined && admission?.admitted === false) {
      const retryInMs = Math.ceil(admission.retryInMs);
      this.#arm(id, retryInMs);
      // While one start is being tried it is a matter of moments, and the record says enough.
      if (breakers.openForMs(type) > 0) await this.#tell(id, retryInMs, breakers.trouble(type) ?? '');
      return;
    }
    await this.launch(id);
  }

  async #tell(id: SimulationId, delayMs: number, trouble: string): Promise<void> {
    const { registry, clock } = this.#parts;
    const restartAtMs = clock.nowMs() + delayMs;
    const message = `its worker type is not started now: ${trouble}; this one at ${utcTime(restartAtMs)}`;
    const next = (present: Simulation) =>
      present.state === 'RESTARTING' ? { ...present, message, restartAtMs } : present;
    await registry.change(id, next).catch(ignore);
  }

  #cancel(id: SimulationId): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }
}

function isToBeLaunched(state: SimulationState): boolean {
  return state === 'PENDING' || state === 'RESTARTING';
}
