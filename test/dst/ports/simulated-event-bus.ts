import { compileSubjectFilter, type SubjectFilter } from '../../../src/domain/routing/subject-filter.ts';
import type { BusMessage, BusSubscription, EventBus } from '../../../src/ports/event-bus.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

interface Subscriber {
  readonly matches: SubjectFilter;
  readonly deliver: (message: BusMessage) => void;
}

/** Live delivery to whoever listens within this life; what is on its way when the bus goes away is lost. */
export class SimulatedEventBus implements EventBus {
  readonly #line: Line;
  readonly #subscribers = new Set<Subscriber>();

  constructor(life: Life, backend: Backend) {
    this.#line = new Line(life, backend);
  }

  get subscriptions(): number {
    return this.#subscribers.size;
  }

  publish(batch: readonly BusMessage[]): Promise<void> {
    return this.#line.call({
      effect: () => {
        for (const message of batch) this.#deliver(message);
      },
    });
  }

  subscribe(filter: string, deliver: (message: BusMessage) => void): Promise<BusSubscription> {
    const subscriber = { matches: compileSubjectFilter(filter), deliver };
    return this.#line.call({
      effect: () => {
        this.#subscribers.add(subscriber);
        return { unsubscribe: () => void this.#subscribers.delete(subscriber) };
      },
    });
  }

  #deliver(message: BusMessage): void {
    for (const { matches, deliver } of [...this.#subscribers]) if (matches(message.subject)) deliver(message);
  }
}
