import type { LogEntry } from '../../ports/event-log.ts';
import type { Hindrance } from './append-trouble.ts';

/** Puts entries on the wire; the acknowledgement of each comes back with the same epoch and ordinal. */
export interface AppendSender {
  /** Why nothing can be sent now, if so. */
  readonly hindrance: Hindrance | undefined;
  /** @returns why the entry can never be sent, or undefined when it was */
  send(entry: LogEntry, epoch: number, ordinal: number): string | undefined;
}
