import type { EventArchive, LogReader, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import type { SubscriptionStart } from './subscription-plan.ts';

const NO_MORE_WAITING = Symbol('no more waiting');

/**
 * The log as one subscription reads it: a page at a time, and only when asked to, so that whoever does not read costs
 * no more than a page.
 */
export class LogSource {
  readonly #archive: EventArchive;
  readonly #filter: Omit<ReadRequest, 'from'>;
  readonly #onChange: () => void;
  #from: ReadRequest['from'] = 'end';
  #reader: LogReader | undefined;
  #page: readonly StoredEntry[] = [];
  #next = 0;
  #asking = false;
  #waiting: AbortController | undefined;
  /** Sequence of the last entry that is wanted; undefined: whatever comes. */
  #endsAt: number | undefined;
  #atEnd = false;
  #closed = false;
  #failure: { readonly thrown: unknown } | undefined;

  /** @param onChange called when something that was asked for has come, or the end, or a failure */
  constructor(archive: EventArchive, filter: Omit<ReadRequest, 'from'>, onChange: () => void) {
    this.#archive = archive;
    this.#filter = filter;
    this.#onChange = onChange;
  }

  /** From when it resolves, nothing that is logged is missed. */
  async open(start: SubscriptionStart): Promise<void> {
    this.#from = await this.#place(start);
    await this.#openReader();
  }

  /** Whether all that is wanted has been taken. */
  get isAtEnd(): boolean {
    return this.#atEnd && this.#next >= this.#page.length;
  }

  /** The next entry; undefined when there is none here: {@link ask}. @throws what the log threw */
  peek(): StoredEntry | undefined {
    const entry = this.#page[this.#next];
    if (entry === undefined && this.#failure !== undefined) throw this.#failure.thrown;
    return entry;
  }

  advance(): void {
    this.#next += 1;
  }

  /** Fetches the next page, unless one is here or on its way, or nothing more is wanted. */
  ask(): void {
    if (this.#asking || this.#atEnd || this.#closed || this.#next < this.#page.length) return;
    this.#asking = true;
    this.#fetch()
      .catch((thrown) => {
        this.#failure = { thrown };
      })
      .finally(() => {
        this.#asking = false;
        this.#onChange();
      });
  }

  /** From now on it ends behind what is in the log now. */
  async drain(): Promise<void> {
    this.#endsAt = await this.#archive.lastSequence();
    this.#waiting?.abort(NO_MORE_WAITING);
    this.#onChange();
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.abort(NO_MORE_WAITING);
    void this.#reader?.close();
  }

  /** Names the end by its sequence, so that there is a place to open another reader at. */
  async #place(start: SubscriptionStart): Promise<ReadRequest['from']> {
    if (start === 'now') return { sequence: (await this.#archive.lastSequence()) + 1 };
    return start === 'beginning' ? { sequence: 1 } : start;
  }

  async #fetch(): Promise<void> {
    const page = await this.#nextPage();
    this.#page = this.#endsAt === undefined ? page : page.filter(({ sequence }) => sequence <= (this.#endsAt ?? 0));
    this.#next = 0;
    const last = page.at(-1)?.sequence;
    if (last !== undefined) this.#from = { sequence: last + 1 };
    this.#atEnd = this.#endsAt !== undefined && (last === undefined || last >= this.#endsAt);
  }

  async #openReader(): Promise<LogReader> {
    const reader = await this.#archive.open({ from: this.#from, ...this.#filter });
    this.#reader = reader;
    // Who closed meanwhile had nothing to close.
    if (this.#closed) void reader.close();
    return reader;
  }

  /** A wait that is called off leaves a reader that is of no use; the next one begins where it stood. */
  async #nextPage(): Promise<readonly StoredEntry[]> {
    const reader = this.#reader ?? (await this.#openReader());
    if (this.#closed) throw NO_MORE_WAITING;
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    try {
      return await reader.next({ wait: this.#endsAt === undefined, signal });
    } catch (thrown) {
      if (thrown !== NO_MORE_WAITING || this.#closed) throw thrown;
      void reader.close();
      this.#reader = undefined;
      return await this.#nextPage();
    } finally {
      this.#waiting = undefined;
    }
  }
}
