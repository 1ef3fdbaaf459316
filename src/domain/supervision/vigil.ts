import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { SimulationReason } from '../simulation/simulation.ts';
import { afterSteady } from './steady-timer.ts';

/** Heartbeats that may be missed: contract section 2. */
const MISSED_HEARTBEATS = 3;

export type VerdictReason = Extract<
  SimulationReason,
  'LAUNCH_FAILED' | 'REGISTER_TIMEOUT' | 'HEARTBEAT_LOST' | 'STALLED' | 'ENDED_WITH_DAEMON'
>;

/** Why Shoal itself ends a worker that it was not asked to end. */
export interface Verdict {
  readonly reason: VerdictReason;
  /** For people. */
  readonly message: string;
  /** For how long it had shown nothing; absent where it ends for another reason. */
  readonly silentMs?: number;
}

/** Watches one worker: it must register in time, and once it has sent a heartbeat it must go on. */
export class Vigil {
  readonly #clock: Clock;
  readonly #condemn: (verdict: Verdict) => void;
  readonly #registerTimeoutMs: number;
  readonly #heartbeatIntervalMs: number;
  #cancel: CancelTimer = () => {};
  #beats = false;
  #over = false;

  constructor(
    clock: Clock,
    condemn: (verdict: Verdict) => void,
    limits: { readonly registerTimeoutMs: number; readonly heartbeatIntervalMs: number },
  ) {
    this.#clock = clock;
    this.#condemn = condemn;
    this.#registerTimeoutMs = limits.registerTimeoutMs;
    this.#heartbeatIntervalMs = limits.heartbeatIntervalMs;
  }

  launched(): void {
    const withinMs = this.#registerTimeoutMs;
    const message = `it did not call RegisterWorker within ${withinMs} ms (limits.register_timeout)`;
    this.#watch(withinMs, { reason: 'REGISTER_TIMEOUT', message });
  }

  /** A worker that registers again owes its heartbeats all the same. */
  registered(): void {
    this.#cancel();
    if (this.#beats) this.heartbeat();
  }

  /** Whether it owes heartbeats. */
  get beats(): boolean {
    return this.#beats;
  }

  /** It sent heartbeats to the daemon before: it owes them to this one, once it has registered here. */
  owesHeartbeats(): void {
    this.#beats = true;
  }

  heartbeat(): void {
    this.#beats = true;
    const withinMs = MISSED_HEARTBEATS * this.#heartbeatIntervalMs;
    const message = `it sent no heartbeat for ${withinMs} ms (${MISSED_HEARTBEATS} times limits.heartbeat_interval)`;
    this.#watch(withinMs, { reason: 'HEARTBEAT_LOST', message, silentMs: withinMs });
  }

  finished(): void {
    this.#over = true;
    this.#cancel();
  }

  #watch(withinMs: number, verdict: Verdict): void {
    this.#cancel();
    if (!this.#over) this.#cancel = afterSteady(this.#clock, withinMs, () => this.#condemn(verdict));
  }
}
