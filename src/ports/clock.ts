/** Time, as the domain sees it. Injected so that a seeded test can drive days in milliseconds. */
export interface Clock {
  /** Wall clock, whole ms since the Unix epoch. May jump. */
  nowMs(): number;
  /** Never goes back; only differences have a meaning, in ms. */
  monotonicMs(): number;
  /** Calls `callback` once, `delayMs` from now; the timer does not keep the process alive by itself. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

/** Idempotent; after it returned, the callback is not called. */
export type CancelTimer = () => void;
