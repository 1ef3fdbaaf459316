import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, LogEntry, RejectedEntry } from '../../ports/event-log.ts';
import type { EventTable } from './event-table.ts';
import type { StorageGuard } from './storage-guard.ts';

export interface AppendQueueParts {
  readonly table: EventTable;
  readonly guard: StorageGuard;
  readonly nowMs: () => number;
  /** A larger envelope is refused. */
  readonly maxBytes: number;
  /** Hears what was stored; `lastBefore` is the last sequence before it. */
  readonly onStored: (simulations: ReadonlySet<SimulationId>, lastBefore: number) => void;
}

interface PendingAppend {
  readonly batch: readonly LogEntry[];
  readonly done: PromiseWithResolvers<AppendReceipt>;
}

/** Stored in one transaction at most, so that the event loop turns in between: about 10 ms. */
const GROUP_ENTRIES = 2_048;

/** Stores what is appended within one turn of the event loop in one transaction. */
export class AppendQueue {
  readonly #parts: AppendQueueParts;
  #pending: PendingAppend[] = [];
  #flushing: Promise<void> | undefined;

  constructor(parts: AppendQueueParts) {
    this.#parts = parts;
  }

  append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    const done = Promise.withResolvers<AppendReceipt>();
    this.#pending.push({ batch, done });
    this.#flushing ??= this.#flush();
    return done.promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      await nextTurn();
      this.#flushGroup(this.#takeGroup());
    }
    this.#flushing = undefined;
  }

  #takeGroup(): PendingAppend[] {
    let entries = 0;
    const tooMany = this.#pending.findIndex(({ batch }) => {
      entries += batch.length;
      return entries > GROUP_ENTRIES;
    });
    return this.#pending.splice(0, tooMany === -1 ? this.#pending.length : Math.max(1, tooMany));
  }

  #flushGroup(group: readonly PendingAppend[]): void {
    const { table, guard, onStored } = this.#parts;
    const lastBefore = table.last;
    try {
      const receipts = guard.run(() => table.transaction(() => group.map(({ batch }) => this.#store(batch))));
      for (const [at, { done }] of group.entries()) done.resolve(receipts[at] as AppendReceipt);
      guard.wrote();
      onStored(new Set(group.flatMap(({ batch }) => batch.map(({ simulationId }) => simulationId))), lastBefore);
    } catch (thrown) {
      // What was appended behind it fails with it: stored, it would stand before what is appended again.
      for (const { done } of [...group, ...this.#pending.splice(0)]) done.reject(thrown);
    }
  }

  #store(batch: readonly LogEntry[]): AppendReceipt {
    const { table, nowMs, maxBytes } = this.#parts;
    const rejected: RejectedEntry[] = [];
    const duplicates: number[] = [];
    let [firstSequence, lastSequence] = [0, 0];
    for (const [index, entry] of batch.entries()) {
      const { length } = entry.bytes;
      if (length > maxBytes) {
        rejected.push({ index, reason: `the event has ${length} bytes; retention.events.max_bytes keeps ${maxBytes}` });
        continue;
      }
      const { last } = table;
      const sequence = table.insert(entry, nowMs());
      lastSequence = Math.max(lastSequence, sequence);
      if (sequence <= last) duplicates.push(index);
      else firstSequence ||= sequence;
    }
    return { firstSequence, lastSequence, rejected, duplicates };
  }
}

export function closing(): ShoalError {
  return new ShoalError('SHUTTING_DOWN', 'the event log is closed; Shoal is stopping');
}
