import type { RestartConfig } from '../../../src/domain/configuration.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import { demand } from '../harness/violation.ts';

const NEVER_AGAIN = [78, 125];

export interface RestartCheckParts {
  readonly policyOf: (workerType: string) => RestartConfig;
  /** By the clock that nobody sets. */
  readonly nowMs: () => number;
  /** By the clock that records tell times by; the same as far as differences go, unless it is set. */
  readonly wallMs: () => number;
  /** False where the wall clock is set: over a crash of the daemon it is all that restarts are counted by. */
  readonly isWallSteady: boolean;
}

/** Holds restarts against the policy of the worker type: which ends are followed by one, how often, and how soon. */
export class RestartCheck {
  readonly #parts: RestartCheckParts;
  /** By simulation, when the policy restarted it. */
  readonly #times = new Map<string, number[]>();

  constructor(parts: RestartCheckParts) {
    this.#parts = parts;
  }

  changed(before: Simulation, after: Simulation): void {
    if (before.state !== 'RESTARTING' && after.state === 'RESTARTING') this.#began(before, after);
    if (before.state === 'RESTARTING' && after.state === 'STARTING') this.#launched(before);
  }

  #began(before: Simulation, { id, workerType, reason, exitCode, restarts }: Simulation): void {
    if (reason === 'RESET_BY_RESTART') return;
    const isCounted = restarts > before.restarts;
    const { policy } = this.#parts.policyOf(workerType);
    const isUnlaunched = before.state === 'STARTING' && reason === 'ENDED_WITH_DAEMON';
    demand(isCounted || isUnlaunched, () => `${id} is restarted after ${reason} and it is not counted`);
    if (!isCounted) return;
    demand(policy !== 'never', () => `${id} is restarted after ${reason} by the policy never`);
    demand(reason !== 'COMPLETED' || policy === 'always', () => `${id} has completed and is restarted by ${policy}`);
    demand(!NEVER_AGAIN.includes(exitCode ?? 0), () => `${id} exited ${exitCode} and is restarted`);
    this.#count(id, workerType);
  }

  #count(id: string, workerType: string): void {
    const { maxRestarts, windowMs, resetAfterMs } = this.#parts.policyOf(workerType);
    const times = this.#times.get(id) ?? [];
    this.#times.set(id, times);
    const nowMs = this.#parts.nowMs();
    times.push(nowMs);
    // Where a run can be healthy within the window, what was before that is forgotten.
    if (!this.#parts.isWallSteady || resetAfterMs < windowMs) return;
    const recent = times.filter((atMs) => atMs > nowMs - windowMs).length;
    demand(recent <= maxRestarts, () => `${id} is restarted ${recent} times in ${windowMs} ms`);
  }

  #launched({ id, restartAtMs }: Simulation): void {
    if (restartAtMs === undefined || !this.#parts.isWallSteady) return;
    const earlyMs = restartAtMs - this.#parts.wallMs();
    demand(earlyMs <= 0, () => `${id} is restarted ${earlyMs} ms before its time`);
  }
}
