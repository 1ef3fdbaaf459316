import type { CancelTimer, Clock } from '../../ports/clock.ts';

/** Heartbeats that may be missed: contract section 2. */
const MISSED_HEARTBEATS = 3;

export type Verdict = 'REGISTER_TIMEOUT' | 'HEARTBEAT_LOST';

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
    this.#watch(this.#registerTimeoutMs, 'REGISTER_TIMEOUT');
  }

  /** A worker that registers again owes its heartbeats all the same. */
  registered(): void {
    this.#cancel();
    if (this.#beats) this.heartbeat();
  }

  heartbeat(): void {
    this.#beats = true;
    this.#watch(MISSED_HEARTBEATS * this.#heartbeatIntervalMs, 'HEARTBEAT_LOST');
  }

  finished(): void {
    this.#over = true;
    this.#cancel();
  }

  #watch(withinMs: number, verdict: Verdict): void {
    this.#cancel();
    if (!this.#over) this.#cancel = this.#clock.after(withinMs, () => this.#condemn(verdict));
  }
}
