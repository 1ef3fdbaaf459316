import type { NatsConnection as Client } from 'nats';
import { ignore } from '../../domain/ignore.ts';

/** Memory is taken in pieces of this size, which are written again once the server has everything that is in them. */
const PIECE_BYTES = 256 * 1024;
const MAX_SPARE_PIECES = 16;
/** What has come together by then leaves at once. */
const FULL_BYTES = 64 * 1024;
const LINE_END = '\r\n';
const CR = 0x0d;
const LF = 0x0a;

/** The client's way to its socket. It is not public: package.json holds the client to versions that were tested. */
interface Outlet {
  sendCommand(frames: Uint8Array): void;
}

/** What the writer needs of the connection. */
export interface FrameConnection {
  readonly connected: boolean;
  readonly client: Client;
  readonly server: { readonly maxPayloadBytes: number };
}

/**
 * Writes messages as the server reads them (https://docs.nats.io/reference/reference-protocols/nats-protocol), one after the other
 * into one piece of memory, and hands them to the client's socket together: what one turn of the event loop has written
 * leaves at its end. The client's own `publish` costs three times as much, a string, its encoding and four
 * buffers for each message, and single messages a call of the system each (ADR 0022).
 *
 * As with `publish`, what is written while the connection is lost is lost, and so is what a loss meets here.
 */
export class FrameWriter {
  readonly #connection: FrameConnection;
  readonly #spare: Buffer[] = [];
  #piece: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #turnEnd: NodeJS.Immediate | undefined;

  constructor(connection: FrameConnection) {
    this.#connection = connection;
  }

  /**
   * The message leaves at the end of this turn of the event loop, or with {@link flush}.
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
    if (this.#end - this.#start >= FULL_BYTES) this.flush();
    else this.#turnEnd ??= setImmediate(() => this.flush());
  }

  /** Hands over what was written: what is sent through the client afterwards comes behind it. */
  flush(): void {
    clearImmediate(this.#turnEnd);
    this.#turnEnd = undefined;
    if (this.#start === this.#end) return;
    const frames = this.#piece.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (this.#connection.connected) outletOf(this.#connection.client).sendCommand(frames);
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#piece.length) return;
    this.flush();
    this.#recycle(this.#piece);
    const spare = bytes <= PIECE_BYTES ? this.#spare.pop() : undefined;
    // Not of Node's pool: it is handed over part by part, and lives until the last of them has left.
    this.#piece = spare ?? Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes));
    this.#start = this.#end = 0;
  }

  /** The garbage of one piece for each few hundred events would have the whole heap collected several times a second. */
  #recycle(piece: Buffer): void {
    if (piece.length !== PIECE_BYTES || !this.#connection.connected) return;
    const keep = (): void => {
      if (this.#spare.length < MAX_SPARE_PIECES) this.#spare.push(piece);
    };
    // The PONG tells that the server has read everything before the PING. Without one nobody knows who still holds the piece.
    this.#connection.client.flush().then(keep, ignore);
  }
}

function outletOf(client: Client): Outlet {
  return (client as Client & { readonly protocol: Outlet }).protocol;
}
