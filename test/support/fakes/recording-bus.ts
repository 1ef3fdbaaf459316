import { compileSubjectFilter, type SubjectFilter } from '../../../src/domain/routing/subject-filter.ts';
import type { BusMessage, BusSubscription, EventBus } from '../../../src/ports/event-bus.ts';

interface Subscriber {
  readonly matches: SubjectFilter;
  readonly deliver: (message: BusMessage) => void;
}

/** A bus that keeps what was published, delivers at once, and fails or waits when it is told to. */
export class RecordingBus implements EventBus {
  readonly published: BusMessage[] = [];
  readonly #subscribers = new Set<Subscriber>();
  /** What the next calls of `publish` reject with; undefined for success. */
  failure: unknown;
  /** What the next calls of `subscribe` wait for; undefined: they listen at once, as in the bus inside the process. */
  subscribing: Promise<void> | undefined;
  /** What the next calls of `publish` wait for before they resolve. */
  room: Promise<void> = Promise.resolve();

  get subscriptions(): number {
    return this.#subscribers.size;
  }

  get subjects(): string[] {
    return this.published.map(({ subject }) => subject);
  }

  async publish(batch: readonly BusMessage[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.published.push(...batch);
    for (const message of batch) {
      for (const { matches, deliver } of this.#subscribers) if (matches(message.subject)) deliver(message);
    }
    await this.room;
  }

  async subscribe(filter: string, deliver: (message: BusMessage) => void): Promise<BusSubscription> {
    if (this.subscribing !== undefined) await this.subscribing;
    const subscriber = { matches: compileSubjectFilter(filter), deliver };
    this.#subscribers.add(subscriber);
    return { unsubscribe: () => this.#subscribers.delete(subscriber) };
  }
}
