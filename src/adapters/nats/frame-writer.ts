import { type NatsConnection as Client, errors } from 'nats';
import type { NatsConnection } from './nats-connection.ts';

/** Memory is taken in pieces of this size. What was handed over is not written again; a piece is left when it is full. */
const PIECE_BYTES = 256 * 1024;
const LINE_END = '\r\n';
const CR = 0x0d;
const LF = 0x0a;

/** The client's way to its socket. It is not public: package.json holds the client to versions that were tested. */
interface Outlet {
  sendCommand(frames: Uint8Array): void;
}

/**
 * Writes messages as the server reads them (https://docs.nats.io/reference/reference-protocols/nats-protocol), one after the other
 * into one piece of memory, and hands them to the client's socket together. The client's own `publish` costs three
 * times as much, a string, its encoding and four buffers for each message (ADR 0022).
 *
 * As with `publish`, nothing must be written while the connection is lost.
 */
export class FrameWriter {
  readonly #connection: NatsConnection;
  #piece = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /**
   * The message leaves with the next {@link flush}.
   *
   * @param subject checked by the caller; what could end the line would bend the protocol
   * @param header with its version line and the empty line at its end, in ASCII; empty: none
   * @throws Error when the server does not take messages of that size; nothing of it is written then
   */
  write(subject: string, bytes: Uint8Array, reply = '', header = ''): void {
    const size = header.length + bytes.length;
    const { maxPayloadBytes } = this.#connection.server;
    if (size > maxPayloadBytes) throw new Error(`the server takes at most ${maxPayloadBytes} bytes, not ${size}`);
    const to = reply === '' ? subject : `${subject} ${reply}`;
    const head =
      header === '' ? `PUB ${to} ${size}${LINE_END}` : `HPUB ${to} ${header.length} ${size}${LINE_END}${header}`;
    this.#makeRoom(head.length + bytes.length + LINE_END.length);
    const piece = this.#piece;
    const end = this.#end + piece.write(head, this.#end, 'latin1');
    piece.set(bytes, end);
    piece[end + bytes.length] = CR;
    piece[end + bytes.length + 1] = LF;
    this.#end = end + bytes.length + LINE_END.length;
  }

  /** @throws ClosedConnectionError, DrainingConnectionError: what was written is lost; ShoalError of {@link NatsConnection.client} */
  flush(): void {
    if (this.#start === this.#end) return;
    const frames = this.#piece.subarray(this.#start, this.#end);
    this.#start = this.#end;
    const { client } = this.#connection;
    if (client.isClosed()) throw new errors.ClosedConnectionError();
    if (client.isDraining()) throw new errors.DrainingConnectionError();
    outletOf(client).sendCommand(frames);
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#piece.length) return;
    const begun = this.#piece.subarray(this.#start, this.#end);
    // Not of Node's pool: it is handed over piece by piece, and lives until the last of them has left.
    this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, 2 * (begun.length + bytes)));
    this.#piece.set(begun);
    this.#start = 0;
    this.#end = begun.length;
  }
}

function outletOf(client: Client): Outlet {
  return (client as Client & { readonly protocol: Outlet }).protocol;
}
