import type { BusMessage, BusSubscription, EventBus } from '../../ports/event-bus.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import { detached, type WaitingEvent } from '../subscription/waiting-event.ts';

/** Tells whether an event is in the log too. */
export interface LoggingRules {
  isLogged(simulationId: string, eventTypeKey: string): boolean;
}

/** Tells from the scanned envelope whether a subscriber wants it. */
export type LiveFilter = (event: EnvelopeView) => boolean;

interface Subscriber {
  readonly wants: LiveFilter;
  readonly deliver: (event: WaitingEvent) => void;
}

/** All subjects of routed events begin so. */
const EVERYTHING = 'events.>';

/**
 * The events that are not logged, which are only to be had when they come.
 *
 * One subscription on the bus for all live subscribers: each event is scanned once, and copied once, however many there are.
 */
export class LiveFeed {
  readonly #bus: EventBus;
  readonly #rules: LoggingRules;
  readonly #subscribers = new Set<Subscriber>();
  readonly #view = new EnvelopeView();
  #subscription: Promise<BusSubscription> | undefined;

  constructor(bus: EventBus, rules: LoggingRules) {
    this.#bus = bus;
    this.#rules = rules;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** Resolves when it is live. `deliver` is called synchronously and must not wait. @returns a function that ends it */
  async subscribe(wants: LiveFilter, deliver: (event: WaitingEvent) => void): Promise<() => void> {
    const subscriber = { wants, deliver };
    this.#subscribers.add(subscriber);
    this.#subscription ??= this.#open();
    try {
      await this.#subscription;
    } catch (thrown) {
      this.#subscription = undefined;
      this.#subscribers.delete(subscriber);
      throw thrown;
    }
    return () => this.#leave(subscriber);
  }

  /** What one that has been left still delivers is not for those who came since. */
  #open(): Promise<BusSubscription> {
    const opened = this.#bus.subscribe(EVERYTHING, (message) => {
      if (this.#subscription === opened) this.#dispatch(message);
    });
    return opened;
  }

  #leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    const last = this.#subscription;
    this.#subscription = undefined;
    last?.then(
      (subscription) => subscription.unsubscribe(),
      () => {},
    );
  }

  /** A subscriber that throws harms no other; the bus hears of the first. */
  #dispatch({ subject, bytes }: BusMessage): void {
    const view = this.#view;
    if (view.scan(bytes) !== undefined) return;
    const { simulationId, eventTypeKey } = view;
    if (this.#rules.isLogged(simulationId, eventTypeKey)) return;
    let event: WaitingEvent | undefined;
    const failures: unknown[] = [];
    for (const { wants, deliver } of this.#subscribers) {
      try {
        if (!wants(view)) continue;
        event ??= detached({ simulationId, eventTypeKey, subject, bytes, logSequence: 0, simulationSequence: 0 });
        deliver(event);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
