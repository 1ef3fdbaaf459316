import type { AppendReceipt, EventLog, LogEntry, RejectedEntry } from '../../../src/ports/event-log.ts';

/** A log that keeps what was appended, and fails, refuses or waits when it is told to. */
export class RecordingEventLog implements EventLog {
  readonly durability = 'memory';
  readonly appended: LogEntry[] = [];
  /** What the next calls of `append` reject with. */
  failure: unknown;
  /** What the next calls of `append` wait for before they resolve. */
  durable: Promise<void> = Promise.resolve();
  /** Entries that it refuses. */
  refuses: (entry: LogEntry) => string | undefined = () => undefined;
  #sequence = 0;

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    if (this.failure !== undefined) throw this.failure;
    const rejected: RejectedEntry[] = [];
    let [firstSequence, lastSequence] = [0, 0];
    for (const [index, entry] of batch.entries()) {
      const reason = this.refuses(entry);
      if (reason !== undefined) {
        rejected.push({ index, reason });
        continue;
      }
      this.appended.push(entry);
      this.#sequence += 1;
      firstSequence ||= this.#sequence;
      lastSequence = this.#sequence;
    }
    await this.durable;
    return { firstSequence, lastSequence, rejected, duplicates: [] };
  }
}
