import type { EventSink } from '../../../src/domain/subscription/event-delivery.ts';
import type { SubscribeToEvents } from '../../../src/domain/subscription/subscribe-to-events.ts';
import type { SubscriptionRequest } from '../../../src/domain/subscription/subscription-plan.ts';
import type { WaitingEvent } from '../../../src/domain/subscription/waiting-event.ts';

/** An event as a subscriber got it, with what it had missed by then. */
export type SubscribedEvent = WaitingEvent & { readonly dropped: number };

export const EVERYTHING: SubscriptionRequest = {
  simulationId: '',
  simulationIds: [],
  eventTypeKeys: [],
  attributes: {},
  labelSelector: '',
  start: 'now',
  follow: true,
  overflow: 'DROP_OLDEST',
  maxRateHz: 0,
  latestOnly: false,
  qualities: [],
};

/** One subscriber that a test makes quick, slow or deaf. */
export class Reader implements EventSink {
  readonly events: SubscribedEvent[] = [];
  readonly live: Promise<void>;
  /** Undefined when it ended in order, else what it ended with; resolves when it is over. */
  readonly ended: Promise<unknown>;
  readonly #leave = new AbortController();
  /** Events that are taken before the next pause of a turn of the event loop. */
  readonly #burst: () => number;
  #left: number;
  #stalled = false;
  #blocked = false;
  #onRoom: () => void = () => {};

  constructor(
    subscriptions: SubscribeToEvents,
    request: Partial<SubscriptionRequest> = {},
    burst: () => number = () => Number.POSITIVE_INFINITY,
  ) {
    this.#burst = burst;
    this.#left = burst();
    const live = Promise.withResolvers<void>();
    this.live = live.promise;
    this.live.catch(() => {});
    const context = { principal: { name: 'test' }, signal: this.#leave.signal };
    this.ended = subscriptions.run(context, { ...EVERYTHING, ...request }, this, live.resolve).then(
      () => undefined,
      (thrown) => {
        live.reject(thrown);
        return thrown;
      },
    );
  }

  write(event: WaitingEvent, dropped: number): boolean {
    if (this.#blocked) throw new Error('written to a sink that was full');
    this.events.push({ ...event, dropped });
    this.#left -= 1;
    if (this.#left > 0 && !this.#stalled) return true;
    this.#blocked = true;
    if (!this.#stalled) setImmediate(() => this.#drain());
    return false;
  }

  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  stall(): void {
    this.#stalled = true;
  }

  resume(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    if (this.#blocked) this.#drain();
  }

  async leave(): Promise<void> {
    this.#leave.abort(new Error('the reader has left'));
    await this.ended;
  }

  #drain(): void {
    if (this.#stalled || !this.#blocked) return;
    this.#blocked = false;
    this.#left = this.#burst();
    this.#onRoom();
  }
}
