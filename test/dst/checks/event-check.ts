import type { RejectedEvent } from '../../../src/domain/ingest/acceptance.ts';
import { MANIFEST_KEY } from '../../../src/domain/ledger/manifest.ts';
import { readEnvelope } from '../../support/fakes/messages.ts';
import type { JournalEvent, WorkerJournal } from '../actors/worker-journal.ts';
import { demand } from '../harness/violation.ts';
import type { StoredEvents } from '../ports/stored-events.ts';

/** Compares what workers wrote down with what is in the log. */
export class EventCheck {
  readonly #events: StoredEvents;
  readonly #hasRecord: (simulationId: string) => boolean;

  constructor(events: StoredEvents, hasRecord: (simulationId: string) => boolean) {
    this.#events = events;
    this.#hasRecord = hasRecord;
  }

  /** At the moment at which a worker is told that an event is dealt with. */
  acknowledged({ simulationId }: WorkerJournal, event: JournalEvent, refusal: RejectedEvent | undefined): void {
    const { id, isBad, isLogged } = event;
    demand(isBad || refusal === undefined, () => `event ${id} is refused: ${refusal?.message}`);
    if (!isLogged) return;
    demand(this.#events.find(simulationId, id), () => `event ${id} is acknowledged and not in the log`);
  }

  /** When all is over. */
  atTheEnd(journals: Iterable<WorkerJournal>): void {
    for (const journal of journals) this.#compare(journal);
  }

  #compare({ simulationId, workerId, events }: WorkerJournal): void {
    if (this.#events.wasRemoved(simulationId)) {
      // One whose removal was cut short has its record still, and ends as any other does.
      const isCutShort = this.#hasRecord(simulationId);
      const left = this.#events
        .of(simulationId)
        .filter((entry) => !(isCutShort && entry.eventTypeKey === MANIFEST_KEY));
      demand(left.length === 0, () => `${simulationId} was removed, and has events in the log`);
      return;
    }
    const logged = this.#events
      .of(simulationId)
      .map(({ bytes }) => readEnvelope(bytes))
      .filter(({ sourceWorkerId }) => sourceWorkerId === workerId);
    const seen = new Set<number>();
    let last = 0;
    for (const { ordinal, eventId } of logged) {
      const at = Number(ordinal);
      demand(!seen.has(at), () => `event ${eventId} is in the log twice`);
      demand(at > last, () => `event ${eventId} comes behind ${workerId}-${last} in the log`);
      demand(events[at - 1]?.isLogged, () => `event ${eventId} is in the log and must not be`);
      seen.add(at);
      last = at;
    }
    for (const { ordinal, id, isLogged, isAcknowledged } of events) {
      demand(!isLogged || !isAcknowledged || seen.has(ordinal), () => `event ${id} was acknowledged and is lost`);
    }
  }
}
