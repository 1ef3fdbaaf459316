/** Kept back for the end of the process itself. */
const EXIT_SHARE = 0.05;
/** What the parts behind the workers may need: calls that end, the log's last writes, the way out of messaging. */
const TAIL_SHARE = 0.4;
const TAIL_MAX_MS = 8_000;
/** Of the time for the workers, behind their two graces: SIGKILL, exits, records. */
const REAP_SHARE = 0.3;
const REAP_MAX_MS = 5_000;
/** No part takes all that is left: the ones behind it are to end too. */
const PART_SHARE = 0.8;
const PART_MIN_MS = 100;

/** Shares out the time of a stop, so that all of it fits into what the service manager allows. */
export class StopBudget {
  readonly #endsAtMs: number;
  readonly #nowMs: () => number;

  /** @param timeoutMs from now, for everything */
  constructor(timeoutMs: number, nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#endsAtMs = nowMs() + timeoutMs * (1 - EXIT_SHARE);
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - this.#nowMs());
  }

  /** How long simulations may go on, when `wantedMs` is asked for. */
  drainMs(wantedMs: number): number {
    return Math.min(wantedMs, this.leftMs * PART_SHARE);
  }

  /** For the workers: two graces, and until the last has gone and is recorded. */
  get workersMs(): number {
    return Math.max(PART_MIN_MS, this.leftMs - Math.min(TAIL_MAX_MS, TAIL_SHARE * this.leftMs));
  }

  /** The longest grace that fits, for the stop command and again for the stop signal. */
  get graceMs(): number {
    return Math.max(0, (this.workersMs - this.reapMs) / 2);
  }

  /** Behind the two graces. */
  get reapMs(): number {
    return Math.min(REAP_MAX_MS, this.workersMs * REAP_SHARE);
  }

  /** For a part that wants `wantedMs`. */
  partMs(wantedMs: number): number {
    return Math.max(PART_MIN_MS, Math.min(wantedMs, this.leftMs * PART_SHARE));
  }
}
