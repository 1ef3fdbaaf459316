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
  /** Rises when a lost connection makes earlier marks meaningless. */
  #epoch = 0;

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
    if (this.#unmarkedBytes >= MARK_EVERY_BYTES) this.#mark();
  }

  /** What was under way is lost or delivered; either way it no longer fills a buffer. */
  reset(): void {
    this.#epoch += 1;
    this.#unconfirmedBytes = 0;
    this.#unmarkedBytes = 0;
  }

  #mark(): void {
    const marked = this.#unmarkedBytes;
    const epoch = this.#epoch;
    this.#unmarkedBytes = 0;
    this.#connection.client.flush().then(
      () => {
        if (epoch !== this.#epoch) return;
        this.#unconfirmedBytes -= marked;
        this.#onRoom();
      },
      // The connection was lost: its state change resets this window.
      () => {},
    );
  }
}
