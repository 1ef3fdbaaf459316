import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { Backlog } from './backlog.ts';
import type { WaitingEvent } from './waiting-event.ts';

/** One subscriber's end of the line. */
export interface EventSink {
  /**
   * @param event the same object for every subscriber that it goes to
   * @param dropped by this subscription so far
   * @returns false when it wants no more until it calls, later and not from within, what {@link onRoom} was given
   */
  write(event: WaitingEvent, dropped: number): boolean;
  onRoom(listener: () => void): void;
}

/** Where the events of the log come from, an event at a time. */
export interface LoggedEvents {
  readonly isAtEnd: boolean;
  /** @throws what the log threw */
  peek(): WaitingEvent | undefined;
  advance(): void;
  ask(): void;
}

/**
 * Writes what waits for one subscriber, as fast as it reads and no faster. While it does not read, nothing is done for
 * it but to count what overflows.
 */
export class EventDelivery {
  readonly #sink: EventSink;
  readonly #logged: LoggedEvents;
  readonly #backlog: Backlog;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #hasRoom = true;
  #isLast = false;
  #failure: { readonly thrown: unknown } | undefined;
  #wake: () => void = () => {};
  #cancelTimer: CancelTimer = () => {};

  constructor(parts: {
    readonly sink: EventSink;
    readonly logged: LoggedEvents;
    readonly backlog: Backlog;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  }) {
    ({
      sink: this.#sink,
      logged: this.#logged,
      backlog: this.#backlog,
      clock: this.#clock,
      signal: this.#signal,
    } = parts);
    this.#sink.onRoom(() => {
      this.#hasRoom = true;
      this.#wake();
    });
  }

  /** A live event; must not wait, and never throws: that there is too much of them ends the delivery. */
  offer(event: WaitingEvent): void {
    if (this.#failure !== undefined) return;
    try {
      this.#backlog.offerLive(event);
      this.#wake();
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** Ends the delivery with that. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown };
    this.#wake();
  }

  /** Something has changed in the log. */
  wake(): void {
    this.#wake();
  }

  /** No live event comes any more: it ends when the log does. */
  expectNoMore(): void {
    this.#isLast = true;
    this.#backlog.release();
    this.#wake();
  }

  /** Resolves when everything has been written. Rejects with the signal's reason, with what the log threw, or when events overflow. */
  async run(): Promise<void> {
    const abort = (): void => this.#wake();
    this.#signal.addEventListener('abort', abort);
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        if (!this.#step()) return;
        await changed;
      }
    } finally {
      this.#cancelTimer();
      this.#signal.removeEventListener('abort', abort);
    }
  }

  /** Writes what can be written now. @returns false when that was all there will be */
  #step(): boolean {
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.thrown;
    while (this.#hasRoom) {
      this.#takeLogged();
      const event = this.#backlog.take(this.#clock.monotonicMs());
      if (event !== undefined) this.#hasRoom = this.#sink.write(event, this.#backlog.dropped);
      else if (this.#isLast && this.#logged.isAtEnd && this.#backlog.isEmpty) return false;
      else break;
    }
    if (this.#hasRoom) this.#logged.ask();
    this.#wakeWhenDue();
    return true;
  }

  #takeLogged(): void {
    for (let event = this.#logged.peek(); event !== undefined; event = this.#logged.peek()) {
      if (!this.#backlog.offerLogged(event)) return;
      this.#logged.advance();
    }
  }

  #wakeWhenDue(): void {
    this.#cancelTimer();
    const { dueAtMs } = this.#backlog;
    if (dueAtMs === undefined || !this.#hasRoom) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, dueAtMs - this.#clock.monotonicMs()), () => this.#wake());
  }
}
