import { getOrCreate } from '../get-or-create.ts';

/** Counts of one event key of one worker type, since the daemon started. */
export class EventCounts {
  received = 0;
  logged = 0;
}

/** Event figures by worker type and declared key; read by whoever exports metrics, at its own pace. */
export class EventCounters {
  rejected = 0;
  acknowledgements = 0;
  readonly #byType = new Map<string, Map<string, EventCounts>>();

  of(workerType: string, eventTypeKey: string): EventCounts {
    const byKey = getOrCreate(this.#byType, workerType, () => new Map<string, EventCounts>());
    return getOrCreate(byKey, eventTypeKey, () => new EventCounts());
  }

  *entries(): IterableIterator<readonly [workerType: string, eventTypeKey: string, counts: EventCounts]> {
    for (const [workerType, byKey] of this.#byType) {
      for (const [eventTypeKey, counts] of byKey) yield [workerType, eventTypeKey, counts];
    }
  }
}
