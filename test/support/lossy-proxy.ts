import { connect, createServer, type Socket } from 'node:net';

export interface LossyProxy extends AsyncDisposable {
  readonly url: string;
  /** All that clients have sent to the server, so far. */
  readonly said: string;
  /** While true, what the server says is swallowed: the connection stands, and answers do not come. */
  swallowing: boolean;
}

/** A way to a nats-server that can be listened to, and that can lose what the server answers. */
export async function lossyProxy(serverPort: number): Promise<LossyProxy> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  let swallowing = false;
  const listener = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    near.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (!swallowing) near.write(chunk);
    });
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  return {
    url: `nats://127.0.0.1:${port}`,
    get said() {
      return Buffer.concat(heard).toString('latin1');
    },
    get swallowing() {
      return swallowing;
    },
    set swallowing(value) {
      swallowing = value;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
