import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What every HTTP/2 connection begins with: 24 bytes of preface and the head of a SETTINGS frame. */
const FIRST_BYTES = 33;
/** A peer that has not said so much by then is no gRPC peer, or means harm. */
const FIRST_BYTES_MS = 10_000;
/** At most one line in the log in this time, however many are refused. */
const TELL_EVERY_MS = 10_000;

export interface ConnectionGateOptions {
  /** Connections at once; read for each new one. */
  readonly maxConnections: () => number;
  readonly onConnection: (socket: Socket) => void;
  /** Connections were refused: how many since the last time. */
  readonly onRefused: (count: number) => void;
  /** The system could not hand over a connection. */
  readonly onFailure: (error: Error) => void;
  /** For tests. */
  readonly firstBytesMs?: number;
}

/** Accepts the connections of one gRPC address, as many at once as are allowed, and drops those that say nothing (ADR 0019). */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  readonly #sockets = new Set<Socket>();
  readonly #servers: Server[] = [];
  #untold = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  refused = 0;

  constructor(options: ConnectionGateOptions) {
    this.#options = options;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /**
   * On every address of the host, all on one port.
   *
   * @param port 0: any that is free
   * @returns the port
   * @throws the error of the system
   */
  async listen(host: string, port: number): Promise<number> {
    const addresses = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    let bound = port;
    for (const { address } of new Map(addresses.map((each) => [each.address, each])).values()) {
      const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
      try {
        server.listen(bound, address);
        await once(server, 'listening');
      } catch (thrown) {
        // A machine may have a name for ::1 and no such address.
        if (this.#servers.length > 0 && (thrown as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') continue;
        this.close();
        throw thrown;
      }
      // Unheard it would end the daemon.
      server.on('error', this.#options.onFailure);
      this.#servers.push(server);
      bound = (server.address() as AddressInfo).port;
    }
    return bound;
  }

  /** No new ones; those that are open stay. */
  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }

  /** Resolves when no connection is open. */
  async emptied(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }

  /** Ends the connection of one peer, named `address:port` as grpc-js names it, without a word. */
  drop(peer: string): void {
    for (const socket of this.#sockets) {
      if (`${socket.remoteAddress}:${socket.remotePort}` === peer) socket.destroy();
    }
  }

  /** Ends what is open still, without a word. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= this.#options.maxConnections()) {
      socket.destroy();
      this.#refuse();
      return;
    }
    this.#sockets.add(socket);
    const silent = setTimeout(() => {
      if (socket.bytesRead < FIRST_BYTES) socket.destroy();
    }, this.#options.firstBytesMs ?? FIRST_BYTES_MS);
    silent.unref();
    socket.once('close', () => {
      clearTimeout(silent);
      this.#sockets.delete(socket);
    });
    this.#options.onConnection(socket);
  }

  #refuse(): void {
    this.refused += 1;
    this.#untold += 1;
    const nowMs = performance.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#options.onRefused(this.#untold);
    this.#untold = 0;
  }
}
