import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  /** host:port */
  readonly address: string;
  /** host:port of the server, which may begin after the proxy. */
  target: string;
  /** How many connections there were so far. */
  readonly connections: number;
  /** Breaks every connection that there is; new ones are taken. */
  cut(): void;
}

/** A way to a server on this machine that can be cut. */
export async function cuttingProxy(): Promise<CuttingProxy> {
  let target = '';
  const open = new Set<Socket>();
  let connections = 0;
  const listener = createServer((near) => {
    connections += 1;
    const [host, port] = target.split(':');
    const far = connect(Number(port), host);
    near.pipe(far);
    far.pipe(near);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(listener.address() as { port: number }).port}`,
    get target() {
      return target;
    },
    set target(address) {
      target = address;
    },
    get connections() {
      return connections;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
