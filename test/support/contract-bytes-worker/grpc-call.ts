import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';

/** gRPC as its protocol page has it, on Node's HTTP/2: a byte that says "not compressed", four of length, the message. */
const PREFIX_BYTES = 5;

/** One call, with as many messages in each direction as wished. */
export class GrpcCall {
  readonly #stream: ClientHttp2Stream;
  readonly #path: string;
  /** When the response headers are there. @throws Error for a call that is refused at once */
  readonly headers: Promise<void>;
  #status: string | undefined;
  #message = '';

  constructor(stream: ClientHttp2Stream, path: string) {
    this.#stream = stream;
    this.#path = path;
    const take = (headers: IncomingHttpHeaders): void => this.#takeStatus(headers);
    stream.on('trailers', take);
    this.headers = once(stream, 'response').then(([headers]) => {
      take(headers);
      if (this.#status !== undefined) this.#assertOk();
    });
    this.headers.catch(() => {});
  }

  /** Resolves when there is room for the next message. */
  async send(message: Uint8Array): Promise<void> {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    if (!this.#stream.write(Buffer.concat([prefix, message]))) await once(this.#stream, 'drain');
  }

  halfClose(): void {
    this.#stream.end();
  }

  /** Ends when the call has ended with OK. @throws Error that says with which other status */
  async *messages(): AsyncGenerator<Uint8Array> {
    let rest = Buffer.alloc(0);
    for await (const chunk of this.#stream) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= PREFIX_BYTES && rest.length >= PREFIX_BYTES + rest.readUInt32BE(1)) {
        if (rest[0] !== 0) throw new Error(`${this.#path}: a message is compressed, which nobody asked for`);
        const end = PREFIX_BYTES + rest.readUInt32BE(1);
        yield rest.subarray(PREFIX_BYTES, end);
        rest = rest.subarray(end);
      }
    }
    if (rest.length > 0) throw new Error(`${this.#path}: the last message is cut off`);
    this.#assertOk();
  }

  close(): void {
    this.#stream.close();
  }

  #takeStatus(headers: IncomingHttpHeaders): void {
    const status = headers['grpc-status'];
    if (status === undefined) return;
    this.#status = String(status);
    this.#message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  }

  #assertOk(): void {
    if (this.#status !== '0') throw new Error(`${this.#path}: grpc-status ${this.#status}: ${this.#message}`);
  }
}

export class GrpcConnection {
  readonly #session: ClientHttp2Session;
  readonly #token: string;

  /** @param address `host:port` */
  constructor(address: string, token: string) {
    this.#session = connect(`http://${address}`);
    this.#token = token;
  }

  open(method: string): GrpcCall {
    const path = `/fes.orchestration.v1.OrchestratorWorkerService/${method}`;
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${this.#token}`,
    });
    return new GrpcCall(stream, path);
  }

  async unary(method: string, request: Uint8Array): Promise<Uint8Array> {
    const call = this.open(method);
    await call.send(request);
    call.halfClose();
    let response: Uint8Array | undefined;
    for await (const message of call.messages()) response = message;
    if (response === undefined) throw new Error(`${method}: OK without an answer`);
    return response;
  }

  /** Open calls are cut. */
  close(): void {
    this.#session.destroy();
  }
}
