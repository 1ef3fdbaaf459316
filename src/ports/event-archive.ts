import type { EventTypeKey, SimulationId } from '../domain/ids.ts';

/** A logged event as it is kept. */
export interface StoredEntry {
  /** Rises over the whole log. */
  readonly sequence: number;
  /** When it was logged, milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly simulationId: SimulationId;
  readonly eventTypeKey: EventTypeKey;
  /** Its running sequence within the simulation; 0: none. */
  readonly simulationSequence: number;
  /** The whole envelope; not to be changed. */
  readonly bytes: Uint8Array;
}

export interface ReadRequest {
  /** Where to begin: at a sequence or a time (both inclusive), or behind all that is stored now. */
  readonly from: { readonly sequence: number } | { readonly timeMs: number } | 'end';
  /** Of these simulations; absent: of all. */
  readonly simulationIds?: readonly SimulationId[];
  /** Whose key matches one of these (NATS wildcards `*` and `>`); absent: all. */
  readonly eventTypeKeys?: readonly string[];
  /** What becomes of a reader when retention takes entries that it has not come to: its next page `fails` (default), or `skips` them. */
  readonly overtaken?: 'fails' | 'skips';
}

export interface NextPage {
  /** At the end of the log: for more. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
}

/** One reader's place in the log. Pulled, never pushed: whoever does not ask costs nothing but the place. */
export interface LogReader {
  /**
   * The next page of entries that were asked for, in the order of the log, each once: at most some hundred, and about
   * 1 MiB. At the end of the log it resolves with none, or, with `wait`, when there are more.
   *
   * One call at a time. Rejects with the signal's reason when it aborts; with CAPACITY_EXHAUSTED when retention removed
   * entries before this reader came to them, unless it `skips` them, and when the log was replaced; with BUS_UNAVAILABLE when the store is away for too long; with
   * SHUTTING_DOWN after the log has stopped. After a rejection the reader is of no use.
   */
  next(options: NextPage): Promise<readonly StoredEntry[]>;
  /** Idempotent. Never rejects. */
  close(): Promise<void>;
}

/**
 * The reading side of the event log: everything that `EventLog.append` has made durable, until retention or `remove`
 * takes it away. An entry can be read as soon as its append has resolved.
 */
export interface EventArchive {
  /** Begins before it resolves: with `from: 'end'`, what is appended after that is read. A place before the first entry is the first entry. */
  open(request: ReadRequest): Promise<LogReader>;
  /** Of the entry stored last, 0 when there never was one. */
  lastSequence(): Promise<number>;
  /** Another one is another log, whose sequences say nothing of this one's. Absent: there is only one. */
  identity?(): Promise<string>;
  /** Whether any event of the simulation is kept. */
  holds(simulationId: SimulationId): Promise<boolean>;
  /** Forgets every event of the simulation. Those that are appended meanwhile may stay. */
  remove(simulationId: SimulationId): Promise<void>;
}
