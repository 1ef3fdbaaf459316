import type { EventTypeKey, SimulationId } from '../domain/ids.ts';

/** What survives when: a crash of Shoal (none of it in `memory`), of the server process, or of the machine. */
export type Durability = 'memory' | 'acknowledged' | 'fsynced';

export interface LogEntry {
  readonly simulationId: SimulationId;
  readonly eventTypeKey: EventTypeKey;
  /** With the simulation id it names the event: the same pair is stored once. */
  readonly eventId: string;
  /** The whole envelope. */
  readonly bytes: Uint8Array;
  /** Its running sequence within the simulation, kept with it; absent: none. */
  readonly simulationSequence?: number;
}

export interface AppendReceipt {
  /** Log sequence of the last entry that is stored; rises over the whole log; 0 when none is. */
  readonly lastSequence: number;
  /** Of the first entry that is stored now; 0 when none is. */
  readonly firstSequence: number;
  /** Of the entries that were stored before, by index in the batch. */
  readonly duplicates: readonly number[];
  /** Entries the log refuses for good, by index in the batch. All others are durable. */
  readonly rejected: readonly RejectedEntry[];
}

export interface RejectedEntry {
  readonly index: number;
  readonly reason: string;
}

/**
 * The durable record of every event marked for logging.
 *
 * Callers append batches without waiting for the one before; the promise resolves when the whole batch is durable
 * to the class that `durability` names. Order is kept per simulation over all batches, also when an append has to be
 * repeated (what a cluster that changes its leader can do to that is told at the adapter). An entry whose (simulation, event id) is stored already counts as stored. After `stop` it rejects with
 * SHUTTING_DOWN; while the store cannot be reached it waits, up to a bound, and then rejects with BUS_UNAVAILABLE, and
 * the caller does not know which entries are stored: it appends them again, under the same ids.
 */
export interface EventLog {
  readonly durability: Durability;
  append(batch: readonly LogEntry[]): Promise<AppendReceipt>;
}
