import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that the kernel gives to clients, so that none of them takes the port while its daemon is dead. */
const FIRST = 20_000;
const LAST = 30_000;
const ATTEMPTS = 50;

/** Ports of this machine that nobody listens on now. */
export async function quietPorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt += 1) {
    if (attempt === ATTEMPTS) throw new Error(`of ports ${FIRST} to ${LAST}, ${ATTEMPTS} were tried and are taken`);
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
