import { compileSubjectFilter, type SubjectFilter } from '../../domain/routing/subject-filter.ts';
import { checkFilter, checkSubject } from '../../domain/routing/subject-rules.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { BusMessage, BusSubscription, EventBus } from '../../ports/event-bus.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

interface Subscriber {
  readonly filter: string;
  readonly matches: SubjectFilter;
  readonly deliver: (message: BusMessage) => void;
  active: boolean;
  hasThrown: boolean;
}

/** Subjects whose subscribers are remembered; beyond it the memory begins anew. 500 runs with 100 agents each fit. */
const MAX_REMEMBERED_SUBJECTS = 65_536;

/**
 * The live bus inside one process: `publish` has delivered when it resolves.
 *
 * A message that a subscriber publishes is delivered after the present one, so that every subscriber sees all messages
 * in one order. Finding the subscribers of a subject is work once, until somebody subscribes or goes.
 */
export class InMemoryEventBus implements EventBus, ManagedPart {
  readonly name = 'in-memory event bus';
  readonly #log: Log;
  readonly #subscribers = new Set<Subscriber>();
  readonly #bySubject = new Map<string, readonly Subscriber[]>();
  readonly #queue: BusMessage[] = [];
  #delivering = false;
  #stopped = false;

  constructor(log: Log) {
    this.#log = log;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const subscriber of this.#subscribers) subscriber.active = false;
    this.#subscribers.clear();
    this.#bySubject.clear();
  }

  async publish(batch: readonly BusMessage[]): Promise<void> {
    if (this.#stopped) throw new ShoalError('SHUTTING_DOWN', 'the event bus is closed; Shoal is stopping');
    for (const { subject } of batch) this.#subscribersOf(subject);
    for (const message of batch) this.#queue.push(message);
    if (!this.#delivering) this.#deliverAll();
  }

  async subscribe(filter: string, deliver: (message: BusMessage) => void): Promise<BusSubscription> {
    if (this.#stopped) throw new ShoalError('SHUTTING_DOWN', 'the event bus is closed; Shoal is stopping');
    checkFilter(filter);
    const subscriber = { filter, matches: compileSubjectFilter(filter), deliver, active: true, hasThrown: false };
    this.#subscribers.add(subscriber);
    this.#bySubject.clear();
    return {
      unsubscribe: () => {
        subscriber.active = false;
        if (this.#subscribers.delete(subscriber)) this.#bySubject.clear();
      },
    };
  }

  #deliverAll(): void {
    this.#delivering = true;
    // Subscribers may publish: the queue can grow while this goes through it.
    for (let at = 0; at < this.#queue.length; at += 1) {
      const message = this.#queue[at];
      if (message === undefined) break;
      for (const subscriber of this.#subscribersOf(message.subject)) {
        if (subscriber.active) this.#deliver(subscriber, message);
      }
    }
    this.#queue.length = 0;
    this.#delivering = false;
  }

  #deliver(subscriber: Subscriber, message: BusMessage): void {
    try {
      subscriber.deliver(message);
    } catch (err) {
      if (!subscriber.hasThrown) {
        this.#log.error({ filter: subscriber.filter, err }, 'a bus subscriber throws; said once for each');
      }
      subscriber.hasThrown = true;
    }
  }

  /** @throws ShoalError INVALID_ARGUMENT for a subject that must not be published to */
  #subscribersOf(subject: string): readonly Subscriber[] {
    const known = this.#bySubject.get(subject);
    if (known !== undefined) return known;
    checkSubject(subject);
    const found = [...this.#subscribers].filter(({ matches }) => matches(subject));
    if (this.#bySubject.size >= MAX_REMEMBERED_SUBJECTS) this.#bySubject.clear();
    this.#bySubject.set(subject, found);
    return found;
  }
}
