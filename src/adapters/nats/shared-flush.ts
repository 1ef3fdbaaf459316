import { ignore } from '../../domain/ignore.ts';
import type { NatsConnection } from './nats-connection.ts';

/** One flush for all that is published in one go: each would write to the socket by itself, and be answered by itself. */
export class SharedFlush {
  readonly #connection: NatsConnection;
  #next: { readonly flushed: Promise<boolean>; timeoutMs: number } | undefined;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /**
   * Calls `publish`, and then is as `NatsConnection.flush`, of which there is one for all who come until the microtasks that are
   * queued now have run, within the longest of their times.
   *
   * @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN; what `publish` throws
   */
  behind(publish: () => void, timeoutMs: number): Promise<boolean> {
    // Queued ahead of the client's own write, so that what is published and the PING behind it are one.
    const next = this.#next ?? { flushed: Promise.resolve().then(() => this.#flush()), timeoutMs };
    this.#next = next;
    next.timeoutMs = Math.max(next.timeoutMs, timeoutMs);
    try {
      publish();
    } catch (thrown) {
      next.flushed.catch(ignore);
      return Promise.reject(thrown);
    }
    return next.flushed;
  }

  #flush(): Promise<boolean> {
    const { timeoutMs = 0 } = this.#next ?? {};
    this.#next = undefined;
    return this.#connection.flush(timeoutMs);
  }
}
