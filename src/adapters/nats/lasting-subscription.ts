import type { Msg, Subscription } from 'nats';
import type { Log } from '../../ports/log.ts';
import type { NatsConnection } from './nats-connection.ts';

const RETRY_MS = 1_000;
const CONFIRM_MS = 5_000;

/**
 * A subscription that is made again when the server ends it.
 *
 * A server ends one when its user may no longer subscribe there, says so once, and says nothing when the permission is back:
 * it is asked for again every second. What is published meanwhile is not heard. Over reconnects the client itself keeps it.
 */
export class LastingSubscription {
  readonly filter: string;
  readonly #connection: NatsConnection;
  readonly #receive: (message: Msg) => void;
  readonly #log: Log;
  #subscription: Subscription | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #fault: string | undefined;
  #closed = false;

  constructor(connection: NatsConnection, filter: string, receive: (message: Msg) => void, log: Log) {
    this.#connection = connection;
    this.filter = filter;
    this.#receive = receive;
    this.#log = log;
  }

  /** Why nothing is heard; undefined when the subscription holds. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Not known to the server before the next flush. */
  open(): void {
    if (this.#closed || this.#subscription !== undefined) return;
    this.#subscription = this.#connection.client.subscribe(this.filter, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else this.#ended(error);
      },
    });
  }

  /** Idempotent. Nothing is received after it returned. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  #ended(error: Error): void {
    if (this.#closed) return;
    if (this.#fault === undefined)
      this.#log.error({ filter: this.filter, err: error }, 'nats ended a subscription; asking for it again');
    this.#fault = `no subscription to ${this.filter}: ${error.message}; let the NATS user of Shoal subscribe there`;
    this.#subscription = undefined;
    this.#retryTimer = setTimeout(() => void this.#retry(), RETRY_MS);
  }

  async #retry(): Promise<void> {
    const holds = await this.#holds();
    if (this.#closed) return;
    if (holds) {
      this.#fault = undefined;
      this.#log.info({ filter: this.filter }, 'the subscription holds again');
    } else if (this.#subscription !== undefined) {
      this.#retryTimer = setTimeout(() => void this.#retry(), RETRY_MS);
    }
  }

  /** The server's refusal, if there is one, comes before the answer to the flush. */
  async #holds(): Promise<boolean> {
    try {
      this.open();
      const isKnown = this.#connection.connected && (await this.#connection.flush(CONFIRM_MS));
      return isKnown && this.#subscription !== undefined;
    } catch {
      return false;
    }
  }
}
