import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface LossyProxy extends AsyncDisposable {
  readonly url: string;
  /** All that clients have sent to the server, so far. */
  said(): string;
  /** While true, what the server says is swallowed: the connection stands, and answers do not come. */
  swallowing: boolean;
  /** While true, nothing comes through in either direction, and nobody is told: a half-open connection. New ones hang, too. */
  mute: boolean;
  /** Each way, for what comes from now on. */
  latencyMs: number;
  /** Ends all connections. */
  cut(): void;
}

/** A way to a nats-server that can be listened to, slowed down, and lost. */
export async function lossyProxy(serverPort: number): Promise<LossyProxy> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  const state = { swallowing: false, mute: false, latencyMs: 0 };
  /** One way: what comes later never overtakes, also when the latency falls. */
  const wayTo = (to: Socket): ((chunk: Buffer) => void) => {
    let before: Promise<void> = Promise.resolve();
    let waiting = 0;
    return (chunk) => {
      const dueMs = performance.now() + state.latencyMs;
      if (waiting === 0 && state.latencyMs === 0) {
        to.write(chunk);
        return;
      }
      waiting += 1;
      before = before
        .then(() => delay(Math.max(0, dueMs - performance.now())))
        .then(() => {
          waiting -= 1;
          if (!to.destroyed) to.write(chunk);
        });
    };
  };
  const listener = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    const [toFar, toNear] = [wayTo(far), wayTo(near)];
    near.on('data', (chunk: Buffer) => {
      if (state.mute) return;
      heard.push(chunk);
      toFar(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (!state.swallowing && !state.mute) toNear(chunk);
    });
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        if (!state.mute) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(state, {
    url: `nats://127.0.0.1:${port}`,
    said: () => Buffer.concat(heard).toString('latin1'),
    cut,
    async [Symbol.asyncDispose]() {
      state.mute = false;
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  });
}
