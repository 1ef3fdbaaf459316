import { Fifo } from '../fifo.ts';
import type { Backlog } from './backlog.ts';
import { overflow } from './overflow.ts';
import type { OverflowPolicy } from './subscription-plan.ts';
import type { WaitingBounds, WaitingEvent } from './waiting-event.ts';

/** Everything, in order: a bounded queue of live events beside one event of the log, taken in turns. */
export class WholeBacklog implements Backlog {
  readonly #policy: OverflowPolicy;
  readonly #bounds: WaitingBounds;
  readonly #live = new Fifo<WaitingEvent>();
  #liveBytes = 0;
  #logged: WaitingEvent | undefined;
  #liveIsNext = false;
  #dropped = 0;

  constructor(policy: OverflowPolicy, bounds: WaitingBounds) {
    this.#policy = policy;
    this.#bounds = bounds;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get isEmpty(): boolean {
    return this.#live.length === 0 && this.#logged === undefined;
  }

  get dueAtMs(): undefined {
    return undefined;
  }

  offerLive(event: WaitingEvent): void {
    while (this.#live.length > 0 && this.#isFullFor(event)) {
      if (this.#policy !== 'DROP_OLDEST') throw overflow(this.#policy, this.#bounds);
      this.#shift();
      this.#dropped += 1;
    }
    this.#live.push(event);
    this.#liveBytes += event.bytes.length;
  }

  offerLogged(event: WaitingEvent): boolean {
    if (this.#logged !== undefined) return false;
    this.#logged = event;
    return true;
  }

  take(): WaitingEvent | undefined {
    const logged = this.#logged;
    if (logged === undefined || (this.#liveIsNext && this.#live.length > 0)) {
      this.#liveIsNext = false;
      return this.#shift();
    }
    this.#logged = undefined;
    this.#liveIsNext = true;
    return logged;
  }

  release(): void {}

  #isFullFor(event: WaitingEvent): boolean {
    const { maxEvents, maxBytes } = this.#bounds;
    return this.#live.length >= maxEvents || this.#liveBytes + event.bytes.length > maxBytes;
  }

  #shift(): WaitingEvent | undefined {
    const oldest = this.#live.shift();
    this.#liveBytes -= oldest?.bytes.length ?? 0;
    return oldest;
  }
}
