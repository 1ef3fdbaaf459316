import type { Backlog } from './backlog.ts';
import { compileKeyFilter } from './key-filter.ts';
import type { WaitingEvent } from './waiting-event.ts';

/** Where the events of some keys wait. */
export interface KeyedBacklog {
  /** With NATS wildcards. */
  readonly eventTypeKeys: readonly string[];
  readonly backlog: Backlog;
}

/**
 * Several qualities of service beside each other: an event waits in the first backlog that is for its key. They are served
 * in turns, so that events of different qualities keep no order among each other.
 */
export class MixedBacklog implements Backlog {
  readonly #backlogs: readonly Backlog[];
  readonly #choices: readonly { readonly matches: (eventTypeKey: string) => boolean; readonly backlog: Backlog }[];
  readonly #rest: Backlog;
  #turn = 0;

  /** @param rest for all other keys */
  constructor(keyed: readonly KeyedBacklog[], rest: Backlog) {
    this.#choices = keyed.map(({ eventTypeKeys, backlog }) => ({ matches: compileKeyFilter(eventTypeKeys), backlog }));
    this.#rest = rest;
    this.#backlogs = [...keyed.map(({ backlog }) => backlog), rest];
  }

  get dropped(): number {
    return this.#backlogs.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  get isEmpty(): boolean {
    return this.#backlogs.every(({ isEmpty }) => isEmpty);
  }

  get dueAtMs(): number | undefined {
    const times = this.#backlogs.flatMap(({ dueAtMs }) => (dueAtMs === undefined ? [] : [dueAtMs]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  offerLive(event: WaitingEvent): void {
    this.#of(event).offerLive(event);
  }

  offerLogged(event: WaitingEvent): boolean {
    return this.#of(event).offerLogged(event);
  }

  take(nowMs: number): WaitingEvent | undefined {
    for (let tried = 0; tried < this.#backlogs.length; tried += 1) {
      const event = this.#backlogs[this.#turn]?.take(nowMs);
      this.#turn = (this.#turn + 1) % this.#backlogs.length;
      if (event !== undefined) return event;
    }
    return undefined;
  }

  release(): void {
    for (const backlog of this.#backlogs) backlog.release();
  }

  #of({ eventTypeKey }: WaitingEvent): Backlog {
    return this.#choices.find(({ matches }) => matches(eventTypeKey))?.backlog ?? this.#rest;
  }
}
