import type { BusMessage } from '../../ports/event-bus.ts';
import type { Log } from '../../ports/log.ts';

export interface SentBatch {
  readonly batch: readonly BusMessage[];
  readonly bytes: number;
  /** When it was first sent, by the monotonic clock. */
  readonly atMs: number;
}

/** What was under way when a connection broke: nobody can say whether the server had it. Sent again, or given up and counted. */
export class DoubtfulBatches {
  readonly #log: Log;
  /** In order. */
  #batches: SentBatch[] = [];
  #dropped = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Messages that were given up. */
  get dropped(): number {
    return this.#dropped;
  }

  add(batches: readonly SentBatch[]): void {
    this.#batches.push(...batches);
  }

  /** @param send may throw for what the next server does not take @param oldestMs what was first sent before it is given up */
  sendAgain(send: (sent: SentBatch) => void, oldestMs: number): void {
    for (const sent of this.#batches.splice(0)) {
      if (sent.atMs < oldestMs || !isTaken(send, sent)) this.#drop(sent);
    }
  }

  /** There is no next connection over which they could be sent again. */
  dropAll(): void {
    for (const sent of this.#batches.splice(0)) this.#drop(sent);
  }

  #drop({ batch }: SentBatch): void {
    if (this.#dropped === 0) {
      const why = 'nats was away for too long, or until the end';
      this.#log.warn({}, `live messages are dropped: ${why}; counted from now on`);
    }
    this.#dropped += batch.length;
  }
}

/** The next server may take less than the one for which the batch was checked. */
function isTaken(send: (sent: SentBatch) => void, sent: SentBatch): boolean {
  try {
    send(sent);
    return true;
  } catch {
    return false;
  }
}
