import type { NatsConnection } from './nats-connection.ts';

/** A PING marks every so many bytes; its PONG tells that the server has taken all before it. */
const MARK_EVERY_BYTES = 512 * 1024;

/**
 * Counts the bytes handed to the client that the server has not confirmed.
 *
 * The client and the socket buffer without a bound, also for a server that reads slowly; a sender that stops while
 * this window is full keeps that to `maxBytes` and one batch.
 */
export class OutboundWindow {
  readonly #connection: NatsConnection;
  readonly #maxBytes: number;
  readonly #onRoom: () => void;
  #unconfirmedBytes = 0;
  #unmarkedBytes = 0;

  /** @param onRoom called when bytes were confirmed, or lost with the connection */
  constructor(connection: NatsConnection, maxBytes: number, onRoom: () => void) {
    this.#connection = connection;
    this.#maxBytes = maxBytes;
    this.#onRoom = onRoom;
  }

  get unconfirmedBytes(): number {
    return this.#unconfirmedBytes;
  }

  get full(): boolean {
    return this.#unconfirmedBytes >= this.#maxBytes;
  }

  sent(bytes: number): void {
    this.#unconfirmedBytes += bytes;
    this.#unmarkedBytes += bytes;
    if (this.#unmarkedBytes >= Math.min(MARK_EVERY_BYTES, this.#maxBytes)) this.#mark();
  }

  #mark(): void {
    const marked = this.#unmarkedBytes;
    this.#unmarkedBytes = 0;
    this.#connection.client.flush().then(
      () => this.#free(marked),
      // The connection was lost, and with it everything under way: all marks fail together, before anything new is sent.
      () => this.#free(this.#unconfirmedBytes),
    );
  }

  #free(bytes: number): void {
    this.#unconfirmedBytes -= bytes;
    if (this.#unmarkedBytes > this.#unconfirmedBytes) this.#unmarkedBytes = this.#unconfirmedBytes;
    this.#onRoom();
  }
}
