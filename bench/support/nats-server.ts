import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findNatsServer } from '../../test/support/find-nats-server.ts';
import { endChild, startChild } from './child.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface BenchNatsServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** Messages that it has received over the connections of that name, since they were made. */
  receivedFrom(clientName: string): Promise<number>;
}

const START_TIMEOUT_MS = 15_000;

/** A real server with JetStream on files, on free ports, with its data in a temporary folder. */
export async function startNatsServer(): Promise<BenchNatsServer> {
  const found = await findNatsServer();
  const folder = makeTempFolder();
  const args = ['-a', '127.0.0.1', '-p', '-1', '-m', '-1', '-js', '-sd', join(folder, 'data')];
  const child = startChild(found.path, { args: [...args, '--ports_file_dir', folder], stdio: 'ignore' });
  const { nats, monitoring } = await portsOf(folder, child.pid ?? -1);
  return {
    url: `nats://127.0.0.1:${portIn(nats)}`,
    pid: child.pid ?? -1,
    version: found.version,
    async receivedFrom(clientName) {
      const response = await fetch(`http://127.0.0.1:${portIn(monitoring)}/connz`);
      const { connections } = (await response.json()) as { connections: { name?: string; in_msgs: number }[] };
      return connections.filter(({ name }) => name === clientName).reduce((sum, { in_msgs }) => sum + in_msgs, 0);
    },
    [Symbol.asyncDispose]: () => endChild(child),
  };
}

interface Ports {
  readonly nats: readonly string[];
  readonly monitoring: readonly string[];
}

/** The server writes the addresses it took into a file named after its pid once it listens. */
async function portsOf(folder: string, pid: number): Promise<Ports> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const file = (await readdir(folder)).find((name) => name.endsWith(`_${pid}.ports`));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    if (text.trim().endsWith('}')) return JSON.parse(text) as Ports;
    await delay(20);
  }
  throw new Error(`nats-server did not listen within ${START_TIMEOUT_MS} ms`);
}

function portIn([address = '']: readonly string[]): number {
  return Number(/:(\d+)$/.exec(address)?.[1]);
}
