import { ShoalError } from '../../domain/shoal-error.ts';
import { compileEntryFilter, type EntryFilter } from '../../domain/subscription/entry-filter.ts';
import { overtaken } from '../../domain/subscription/overtaken.ts';
import type { LogReader, NextPage, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';

const MAX_PAGE_ENTRIES = 256;
const MAX_PAGE_BYTES = 1024 * 1024;
/** Entries looked at in one go, wanted or not: a reader of what is rare must not hold the process up. */
const MAX_SCANNED = 8_192;

/** What a reader sees of the log. */
export interface ReadableLog {
  /** Sequence of the entry that will be stored next. */
  readonly nextSequence: number;
  /** Retention has taken every entry before this sequence. */
  readonly retainedFrom: number;
  readonly stopped: boolean;
  /** The entries kept whose sequence is `fromSequence` or higher, in order. */
  read(fromSequence: number): Iterable<StoredEntry>;
}

/** A place in the log; while its owner does not ask, nothing is done for it. */
export class InMemoryLogReader implements LogReader {
  readonly #log: ReadableLog;
  readonly #wants: EntryFilter;
  readonly #skips: boolean;
  readonly #onClose: () => void;
  /** Sequence of the next entry to look at. */
  #next: number;
  /** Entries before this time are passed over, until the first that is not. */
  #fromMs: number;
  #wake: (() => void) | undefined;

  constructor(log: ReadableLog, request: ReadRequest, onClose: () => void) {
    const { from, overtaken } = request;
    this.#log = log;
    this.#skips = overtaken === 'skips';
    this.#wants = compileEntryFilter(request);
    this.#onClose = onClose;
    if (from === 'end') this.#next = log.nextSequence;
    else this.#next = Math.max('sequence' in from ? from.sequence : 0, log.retainedFrom);
    this.#fromMs = from !== 'end' && 'timeMs' in from ? from.timeMs : Number.NEGATIVE_INFINITY;
  }

  async next({ wait, signal }: NextPage): Promise<readonly StoredEntry[]> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#log.stopped) throw new ShoalError('SHUTTING_DOWN', 'the event log is closed; Shoal is stopping');
      if (this.#next < this.#log.retainedFrom && !this.#skips) throw overtaken(this.#next, this.#log.retainedFrom);
      const page = this.#scan();
      if (page.length > 0) return page;
      if (this.#next < this.#log.nextSequence) await new Promise((resolve) => setImmediate(resolve));
      else if (!wait) return [];
      else await this.#more(signal);
    }
  }

  /** The log has more, or has stopped. */
  wake(): void {
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#onClose();
  }

  #scan(): StoredEntry[] {
    const page: StoredEntry[] = [];
    let bytes = 0;
    let scanned = 0;
    for (const entry of this.#log.read(this.#next)) {
      this.#next = entry.sequence + 1;
      if (this.#isWanted(entry)) {
        page.push(entry);
        bytes += entry.bytes.length;
      }
      scanned += 1;
      if (page.length >= MAX_PAGE_ENTRIES || bytes >= MAX_PAGE_BYTES || scanned >= MAX_SCANNED) return page;
    }
    // Nothing is left but holes, and what is not there yet.
    this.#next = Math.max(this.#next, this.#log.nextSequence);
    return page;
  }

  #isWanted(entry: StoredEntry): boolean {
    if (entry.timeMs < this.#fromMs) return false;
    this.#fromMs = Number.NEGATIVE_INFINITY;
    return this.#wants(entry);
  }

  async #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake);
    await promise;
    signal.removeEventListener('abort', wake);
    this.#wake = undefined;
  }
}
