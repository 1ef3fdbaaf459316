/**
 * Something that is started and stopped with the daemon: a listener, a connection.
 *
 * Constructors do nothing. `start` and `stop` are idempotent; the daemon starts parts in order, bounds each in time,
 * and stops those that started in reverse, also when a later one failed to start.
 */
export interface ManagedPart {
  /** Names it in the log: `nats event log`. */
  readonly name: string;
  /** @param signal aborted when the daemon is told to stop before it is up */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
