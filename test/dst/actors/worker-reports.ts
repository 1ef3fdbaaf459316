import type { RejectedEvent } from '../../../src/domain/ingest/acceptance.ts';
import { encodeEnvelope } from '../../../src/worker/envelope-encoder.ts';
import { Outbox } from '../../../src/worker/outbox.ts';
import type { EventCheck } from '../checks/event-check.ts';
import { FORBIDDEN_KEY, LOGGED_KEY } from './event-keys.ts';
import type { JournalEvent, WorkerJournal } from './worker-journal.ts';

/** The events of one worker: written down, put into its outbox, and checked when it is told that they are dealt with. */
export class WorkerReports {
  readonly outbox = new Outbox({ maxEvents: 64, maxBytes: 1 << 20 });
  readonly #journal: WorkerJournal;
  readonly #check: EventCheck;
  readonly #unacknowledged = new Map<Uint8Array, JournalEvent>();

  constructor(journal: WorkerJournal, check: EventCheck) {
    this.#journal = journal;
    this.#check = check;
  }

  report(key: string, payload: Uint8Array = new Uint8Array(), correlationId = ''): void {
    const { workerId, simulationId, events } = this.#journal;
    const ordinal = events.length + 1;
    const id = `${workerId}-${ordinal}`;
    const event = { ordinal, id, isLogged: key === LOGGED_KEY, isBad: key === FORBIDDEN_KEY, isAcknowledged: false };
    const envelope = encodeEnvelope({
      eventId: id,
      key,
      payload,
      timestampNs: 1n,
      workerId,
      simulationId,
      contentType: '',
      correlationId,
      attributes: {},
      ordinal,
    });
    events.push(event);
    this.#unacknowledged.set(envelope, event);
    this.outbox.add(envelope, ordinal);
  }

  acknowledged(envelopes: readonly Uint8Array[], rejected: readonly RejectedEvent[]): void {
    for (const envelope of envelopes) {
      const event = this.#unacknowledged.get(envelope);
      if (event === undefined) continue;
      this.#unacknowledged.delete(envelope);
      event.isAcknowledged = true;
      const refusal = rejected.find(({ eventId }) => eventId === event.id);
      this.#check.acknowledged(this.#journal, event, refusal);
    }
  }

  /** What Shoal has dealt with although its acknowledgement was lost. */
  skip(upToOrdinal: number): void {
    const skipped = [...this.#unacknowledged].filter(([, { ordinal }]) => ordinal <= upToOrdinal);
    this.acknowledged(
      skipped.map(([envelope]) => envelope),
      [],
    );
  }
}
