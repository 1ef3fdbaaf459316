import type { AppendReceipt, LogEntry } from '../../ports/event-log.ts';
import { OrdinalSet } from './ordinal-set.ts';
import type { WorkerOrdinals } from './worker-ordinals.ts';

/** How it went, once both bus and log have answered. */
export interface FlightOutcome {
  /** Absent: the append failed, and nobody knows what is stored. */
  readonly receipt?: AppendReceipt;
  readonly published: boolean;
}

/** Events of one worker that are handed to bus and log together, until both have answered. */
export class Flight {
  readonly worker: WorkerOrdinals;
  readonly entries: LogEntry[] = [];
  /** Claimed by this flight, of whatever becomes of them. */
  readonly ordinals = new OrdinalSet();
  readonly loggedOrdinals = new OrdinalSet();
  /** Indices of entries that came without one. */
  readonly withoutOrdinal = new OrdinalSet();
  /** Routed: published, and logged where they are to be. */
  received = 0;
  rejected = 0;
  /** Done before: neither published nor logged again. */
  duplicates = 0;
  outcome: FlightOutcome | undefined;

  constructor(worker: WorkerOrdinals) {
    this.worker = worker;
  }

  /** `new` ones are this flight's from now on; those `in flight` are not to be dealt with before they have landed. */
  claim(ordinal: number): 'new' | 'done' | 'in flight' {
    const found = this.worker.claim(ordinal);
    if (found === 'new') this.ordinals.add(ordinal);
    return found;
  }
}
