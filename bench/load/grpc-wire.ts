import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';

/** As gRPC frames a message: not compressed, its length, its bytes (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export const FRAME_HEADER_BYTES = 5;

/** Where events go: a method of Shoal's worker service, or of the bare server that is its ceiling. */
export interface LoadTarget {
  /** `host:port` */
  readonly address: string;
  readonly path: string;
  readonly token: string;
}

/**
 * A gRPC client that costs as little as node:http2 does: a third of grpc-js, so that the sender is not the limit, as a
 * worker in Rust would not be.
 */
export class GrpcWire {
  readonly #session: ClientHttp2Session;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ address, path, token }: LoadTarget) {
    this.#session = connect(`http://${address}`);
    // Calls that are under way tell of it.
    this.#session.on('error', () => {});
    this.#headers = {
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${token}`,
    };
  }

  /** @param path of another method than the target's */
  open(path = this.#headers[':path']): ClientHttp2Stream {
    return this.#session.request({ ...this.#headers, ':path': path }, { endStream: false });
  }

  close(): void {
    this.#session.close();
  }
}

export function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, FRAME_HEADER_BYTES);
  return frame;
}

/** The gRPC status of a call that has ended. */
export function untilStatus(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.on('response', (headers) => note(headers['grpc-status']));
    stream.on('trailers', (headers) => note(headers['grpc-status']));
    let status = -1;
    const note = (value: unknown): void => {
      if (value !== undefined) status = Number(value);
    };
    stream.on('error', reject);
    stream.on('close', () => resolve(stream.rstCode === constants.NGHTTP2_NO_ERROR ? status : -1));
  });
}
