import type { CancelTimer, Clock } from '../../ports/clock.ts';

/** Heartbeats that may be missed: contract section 2. */
const MISSED_HEARTBEATS = 3;

/** Why Shoal itself ends a worker that it was not asked to end. */
export interface Verdict {
  readonly reason: 'REGISTER_TIMEOUT' | 'HEARTBEAT_LOST';
  /** For people. */
  readonly message: string;
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

  heartbeat(): void {
    this.#beats = true;
    const withinMs = MISSED_HEARTBEATS * this.#heartbeatIntervalMs;
    const message = `it sent no heartbeat for ${withinMs} ms (${MISSED_HEARTBEATS} times limits.heartbeat_interval)`;
    this.#watch(withinMs, { reason: 'HEARTBEAT_LOST', message });
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
