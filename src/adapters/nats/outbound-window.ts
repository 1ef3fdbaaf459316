import type { NatsConnection } from './nats-connection.ts';

interface Sent<Item> {
  readonly item: Item;
  readonly bytes: number;
}

export interface OutboundWindowOptions<Item> {
  readonly maxBytes: number;
  /** Called when bytes were confirmed, or lost with the connection. */
  readonly onRoom?: () => void;
  /** Hears what was under way when the connection broke, in order: the server has it or not, nobody can say. */
  readonly onLost?: (items: readonly Item[]) => void;
}

/** Between two PINGs, whichever comes first: one for each batch would cost both sides more than the batch. */
const PING_BYTES = 256 * 1024;
const PING_INTERVAL_MS = 5;

/**
 * Remembers what was handed to the client and the server has not confirmed: a PING follows what was sent, and its PONG tells
 * that the server has taken all before it.
 *
 * There is one PING under way at a time, and the next follows soon, so that what a break leaves in doubt is about a round trip and
 * 5 ms. The client and the
 * socket buffer without a bound, also for a server that reads slowly; a sender that stops while this window is full
 * keeps that to `maxBytes` and one item.
 */
export class OutboundWindow<Item> {
  readonly #connection: NatsConnection;
  readonly #options: OutboundWindowOptions<Item>;
  #sent: Sent<Item>[] = [];
  #bytes = 0;
  #marking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: NatsConnection, options: OutboundWindowOptions<Item>) {
    this.#connection = connection;
    this.#options = options;
    // What no PING follows yet would else be confirmed by one on the next connection.
    connection.state.onChange((state) => {
      if (state === 'disconnected' && !this.#marking && this.#sent.length > 0) this.#lost();
    });
  }

  get unconfirmedBytes(): number {
    return this.#bytes;
  }

  get full(): boolean {
    return this.#bytes >= this.#options.maxBytes;
  }

  sent(item: Item, bytes: number): void {
    this.#sent.push({ item, bytes });
    this.#bytes += bytes;
    this.#markSoon();
  }

  /** Asks the server now: nothing more will be sent. */
  markLast(): void {
    if (!this.#marking && this.#sent.length > 0) this.#mark();
  }

  #markSoon(): void {
    if (this.#marking) return;
    if (this.#bytes >= PING_BYTES) this.#mark();
    else this.#timer ??= setTimeout(() => this.#mark(), PING_INTERVAL_MS);
  }

  #mark(): void {
    this.#disarm();
    this.#marking = true;
    const count = this.#sent.length;
    this.#flush().then(
      () => this.#confirmed(count),
      () => this.#lost(),
    );
  }

  /** Rejects also for a connection that has been stopped: what is under way then is lost. */
  async #flush(): Promise<void> {
    this.#connection.frames.flush();
    await this.#connection.client.flush();
  }

  #confirmed(count: number): void {
    this.#marking = false;
    for (const { bytes } of this.#sent.splice(0, count)) this.#bytes -= bytes;
    if (this.#sent.length > 0) this.#markSoon();
    this.#options.onRoom?.();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lost(): void {
    this.#disarm();
    this.#marking = false;
    const lost = this.#sent;
    this.#sent = [];
    this.#bytes = 0;
    this.#options.onLost?.(lost.map(({ item }) => item));
    this.#options.onRoom?.();
  }
}
