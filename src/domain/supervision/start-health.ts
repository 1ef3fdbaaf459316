import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { Outcome, WorkerEnd } from '../simulation/run-steps.ts';
import type { SimulationReason } from '../simulation/simulation.ts';
import type { Worker } from './worker.ts';
import type { WorkerTypeBreakers } from './worker-type-breakers.ts';

/** Ends that are the daemon's doing. */
const NOT_ITS_OWN: ReadonlySet<SimulationReason | undefined> = new Set(['ENDED_WITH_DAEMON', 'LAUNCH_FAILED'] as const);
/** EX_CONFIG: the run's own configuration is at fault, which says nothing of the worker type. */
const BAD_CONFIGURATION = 78;

/** Tells the breaker of a worker's type how its start went: well once it is up for `min_uptime`, or complete sooner. */
export class StartHealth {
  readonly #clock: Clock;
  readonly #breakers: WorkerTypeBreakers;
  readonly #timers = new Map<Worker, CancelTimer>();

  constructor(clock: Clock, breakers: WorkerTypeBreakers) {
    this.#clock = clock;
    this.#breakers = breakers;
  }

  /** The worker has registered, or runs where it does not register. */
  up(worker: Worker): void {
    if (worker.upAtMs !== undefined) return;
    worker.upAtMs = this.#clock.monotonicMs();
    const { minUptimeMs } = worker.type.config.restart;
    if (minUptimeMs === 0) {
      this.#breakers.succeeded(worker.type);
      return;
    }
    const cancel = this.#clock.after(minUptimeMs, () => {
      this.#timers.delete(worker);
      this.#breakers.succeeded(worker.type);
    });
    this.#timers.set(worker, cancel);
  }

  /** @param outcome absent when somebody wanted it to end: nothing is learnt from that */
  ended(worker: Worker, end: WorkerEnd, outcome?: Outcome): void {
    this.#timers.get(worker)?.();
    this.#timers.delete(worker);
    if (outcome === undefined || NOT_ITS_OWN.has(end.verdict) || end.exitCode === BAD_CONFIGURATION) return;
    const { minUptimeMs } = worker.type.config.restart;
    if (outcome.state === 'COMPLETED') this.#breakers.succeeded(worker.type);
    else if (end.uptimeMs === undefined || end.uptimeMs < minUptimeMs)
      this.#breakers.failed(worker.type, end.description);
  }
}
