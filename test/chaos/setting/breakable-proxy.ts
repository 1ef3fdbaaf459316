import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface BreakableProxy extends AsyncDisposable {
  readonly port: number;
  /** How long each piece takes on its way; 0 at first. */
  latencyMs: number;
  /** Breaks every connection that there is; new ones are taken. */
  cut(): void;
  /** While it is held, connections stand and nothing passes, as over a network that has gone; then all of it passes. */
  hold(): void;
  release(): void;
}

/** A way to a port of this machine, behind which there may be no server now and then. */
export async function breakableProxy(serverPort: number): Promise<BreakableProxy> {
  const open = new Set<Socket>();
  let gate = Promise.resolve();
  let opened = () => {};
  let latencyMs = 0;

  async function carry(from: Socket, to: Socket): Promise<void> {
    open.add(from);
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
    for await (const piece of from) {
      await gate;
      if (latencyMs > 0) await delay(latencyMs);
      if (!to.write(piece)) await once(to, 'drain');
    }
    to.end();
  }

  const listener = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    // However one direction ends, so does the other.
    carry(near, far).catch(() => near.destroy());
    carry(far, near).catch(() => far.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (listener.address() as { port: number }).port,
    get latencyMs() {
      return latencyMs;
    },
    set latencyMs(value) {
      latencyMs = value;
    },
    cut,
    hold() {
      gate = new Promise((resolve) => {
        opened = resolve;
      });
    },
    release: () => opened(),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
