import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PREFACE, settings } from './frames.ts';

/** One TCP connection that says only what it is told to, and reads only if it is told to. */
export class RawPeer {
  readonly #socket: Socket;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#closed = true;
    });
  }

  /** @param address `host:port` */
  static async connect(address: string): Promise<RawPeer> {
    const at = address.lastIndexOf(':');
    const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** One that speaks HTTP/2. */
  static async greeting(address: string, values: Readonly<Record<number, number>> = {}): Promise<RawPeer> {
    const peer = await RawPeer.connect(address);
    await peer.write(Buffer.concat([PREFACE, settings(values)]));
    return peer;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** From now on what comes is read and thrown away; a close of the other side is only seen by one that reads. */
  read(): this {
    this.#socket.resume();
    return this;
  }

  /** Resolves when the system has taken the bytes, when it has not within a second, or when the connection is closed. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      const done = (): void => {
        clearTimeout(timer);
        this.#socket.off('close', done);
        resolve();
      };
      this.#socket.once('close', done);
      this.#socket.write(bytes, done);
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
