/** Says when the next tick is due; a loop that fell behind by more than a second does not try to catch up. */
export class Pace {
  #ticksPerSecond: number;
  #dueMs: number;

  constructor(ticksPerSecond: number, nowMs: number) {
    this.#ticksPerSecond = ticksPerSecond;
    this.#dueMs = nowMs;
  }

  /** 0: as fast as it can. */
  setSpeed(ticksPerSecond: number, nowMs: number): void {
    this.#ticksPerSecond = ticksPerSecond;
    this.#dueMs = nowMs;
  }

  /** How long until the next tick; 0: now. */
  waitMs(nowMs: number): number {
    return this.#ticksPerSecond === 0 ? 0 : Math.max(0, this.#dueMs - nowMs);
  }

  ticked(nowMs: number): void {
    if (this.#ticksPerSecond === 0) return;
    const next = this.#dueMs + 1_000 / this.#ticksPerSecond;
    this.#dueMs = next < nowMs - 1_000 ? nowMs : next;
  }
}
