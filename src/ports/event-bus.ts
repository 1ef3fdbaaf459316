/** A message on a subject: who publishes no longer changes `bytes`, who receives does not either. */
export interface BusMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
}

/**
 * Live delivery, at most once, to whoever listens at the moment.
 *
 * Messages of one caller arrive in the order of its `publish` calls. There is no promise per message: `publish`
 * takes a batch and answers when the bus has room for the next one, so that waiting for it is the backpressure.
 * After `stop` it rejects with SHUTTING_DOWN; a bus that cannot be reached makes callers wait, up to a bound,
 * and then rejects with BUS_UNAVAILABLE.
 */
export interface EventBus {
  publish(batch: readonly BusMessage[]): Promise<void>;

  /**
   * Calls `deliver` for each message whose subject matches `filter` (NATS wildcards `*` and `>`), synchronously and
   * one at a time; the bus keeps no queue for a slow subscriber, so whoever cannot keep up bounds and drops itself.
   * Resolves when the subscription is live: what is published after that is seen. A subscription lasts until it is ended here: one that
   * the bus loses, with a connection or a permission, it makes again; what is published meanwhile is missed.
   */
  subscribe(filter: string, deliver: (message: BusMessage) => void): Promise<BusSubscription>;
}

export interface BusSubscription {
  /** Idempotent. Nothing is delivered after it returned. */
  unsubscribe(): void;
}
