import type { CancelTimer, Clock } from '../../ports/clock.ts';
import { afterSteady } from './steady-timer.ts';

/** What becomes of a tick that stands. */
export interface TickListener {
  /** It has stood for `stallMs`. */
  stalled(tick: bigint): void;
  /** It moves again, or need not any more. */
  recovered(): void;
  /** It has stood for as long again. */
  givenUp(tick: bigint): void;
}

/**
 * Watches the tick of one worker while its simulation is RUNNING. Heartbeats tell it; a worker that never told one above 0
 * in a heartbeat is not judged, for it may not count ticks, or speak of them only when it is asked.
 */
export class TickWatchdog {
  readonly #clock: Clock;
  readonly #stallMs: number;
  readonly #tick: () => bigint;
  readonly #listener: TickListener;
  #cancel: CancelTimer = () => {};
  #awake = false;
  #judged = false;
  #countsTicks = false;
  #reported = false;
  #over = false;
  #last = 0n;

  /** @param tick the last that is known, from wherever */
  constructor(clock: Clock, stallMs: number, tick: () => bigint, listener: TickListener) {
    this.#clock = clock;
    this.#stallMs = stallMs;
    this.#tick = tick;
    this.#listener = listener;
  }

  /** Whether it has told a tick above 0, so that its tick may not stand. */
  get judges(): boolean {
    return this.#judged;
  }

  /** It told one to the daemon before: it is judged from its first heartbeat on. */
  countsTicks(): void {
    this.#countsTicks = true;
  }

  /** A heartbeat has come. */
  heartbeat(): void {
    const tick = this.#tick();
    if (!this.#judged) {
      if (tick === 0n && !this.#countsTicks) return;
      this.#judged = true;
      this.#begin();
    } else if (tick !== this.#last) this.#begin();
  }

  /** The simulation is RUNNING, for the first time or again: it has all its time. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#begin();
  }

  /** The simulation is not RUNNING: its tick may stand. */
  rest(): void {
    this.#awake = false;
    this.#cancel();
    this.#recover();
  }

  finished(): void {
    this.#over = true;
    this.#cancel();
  }

  #begin(): void {
    this.#last = this.#tick();
    this.#recover();
    this.#wait();
  }

  #recover(): void {
    if (!this.#reported) return;
    this.#reported = false;
    this.#listener.recovered();
  }

  #wait(): void {
    this.#cancel();
    if (!this.#awake || !this.#judged || this.#over) return;
    this.#cancel = afterSteady(this.#clock, this.#stallMs, () => this.#look());
  }

  #look(): void {
    // An acknowledgement may have told a tick since.
    if (this.#tick() !== this.#last) this.#begin();
    else if (this.#reported) this.#listener.givenUp(this.#last);
    else {
      this.#reported = true;
      this.#listener.stalled(this.#last);
      this.#wait();
    }
  }
}
