import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotPrepared } from './finding.ts';

/** Somebody else may have got the port for a moment. */
const COME_BACK_TRIES = 50;
const COME_BACK_MS = 100;

/** The listening side of an examiner: connections that can be cut, and a port that can be left and taken again. */
export class Connections {
  readonly #take: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  /** @param take gets each connection as it is made */
  constructor(take: (socket: Socket) => void) {
    this.#take = take;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Listens; a second time on the port that it had. @throws NotPrepared when it cannot */
  async listen(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
      try {
        server.listen(this.#port, '127.0.0.1');
        await once(server, 'listening');
        this.#server = server;
        this.#port = (server.address() as AddressInfo).port;
        return;
      } catch (err) {
        if (tries === COME_BACK_TRIES)
          throw new NotPrepared(`nobody can listen at ${this.address}: ${(err as Error).message}`);
        await sleep(COME_BACK_MS);
      }
    }
  }

  /** Breaks every connection; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks every connection and takes no new ones. */
  async leave(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    // What breaks a connection shows in the calls on it.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    this.#take(socket);
  }
}
