import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigFolder, writeConfig } from '../../support/daemon/daemon-config.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { findNatsServer } from '../../support/find-nats-server.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import type { Adapter } from '../plan/fault.ts';
import { type BreakableProxy, breakableProxy } from './breakable-proxy.ts';
import { DaemonLives } from './daemon-lives.ts';
import { quietPorts } from './quiet-ports.ts';
import { chaosWorkerTypes } from './worker-types.ts';

/** A server that the daemon reaches by a way that can be cut. */
export interface NatsSetting {
  readonly server: RunningNatsServer;
  readonly proxy: BreakableProxy;
}

/** All that a run of chaos is made of: one folder, one daemon after the other, a way to it that can be cut, and a nats-server. */
export interface ChaosSetting {
  readonly files: ConfigFolder;
  /** Where workers keep their journals. */
  readonly journals: string;
  readonly dataDir: string;
  readonly daemon: DaemonLives;
  /** Between the workers and the daemon. */
  readonly workersProxy: BreakableProxy;
  /** Present with the nats adapter. */
  readonly nats: NatsSetting | undefined;
  /** Ends what still runs; the folder stays. */
  close(): Promise<void>;
}

export async function openChaosSetting(adapter: Adapter): Promise<ChaosSetting> {
  const [workersPort = 0, clientsPort = 0, httpPort = 0] = await quietPorts(3);
  const workersProxy = await breakableProxy(workersPort);
  const nats = adapter === 'nats' ? await natsSetting() : undefined;
  const files = await writeConfig({
    workerTypes: chaosWorkerTypes(`127.0.0.1:${workersProxy.port}`),
    ...(nats === undefined ? {} : { natsUrl: `nats://127.0.0.1:${nats.proxy.port}` }),
    limits: { heartbeat_interval: '1s', command_timeout: '3s', max_final_simulations: 100_000 },
    sections: {
      grpc: { worker: { listen: `127.0.0.1:${workersPort}` }, client: { listen: `127.0.0.1:${clientsPort}` } },
      http: { listen: `127.0.0.1:${httpPort}` },
    },
  });
  const journals = join(files.folder, 'journals');
  await mkdir(journals);
  const daemon = new DaemonLives(files);
  // Of a run that ends early, by a signal say.
  const endAll = () => processesMentioning(files.folder).forEach((pid) => void process.kill(pid, 'SIGKILL'));
  process.once('exit', endAll);
  return {
    files,
    journals,
    dataDir: join(files.folder, 'data'),
    daemon,
    workersProxy,
    nats,
    async close() {
      await daemon.end();
      process.off('exit', endAll);
      endAll();
      await workersProxy[Symbol.asyncDispose]();
      await nats?.proxy[Symbol.asyncDispose]();
      await nats?.server[Symbol.asyncDispose]();
    },
  };
}

async function natsSetting(): Promise<NatsSetting> {
  const server = await startNatsServer({ program: (await findNatsServer()).path });
  return { server, proxy: await breakableProxy(server.port) };
}
