import { freePort } from '../../../src/adapters/system/free-port.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';

/** One data folder, and one daemon after the other on it, each killed with SIGKILL. Their workers find them at the same port. */
export interface DaemonLives extends AsyncDisposable {
  readonly folder: string;
  /** @throws Error when there is a daemon already */
  start(): Promise<ChildDaemon>;
  /** With SIGKILL. Its workers go on. */
  kill(): Promise<void>;
}

/** @param natsUrl present: over this server */
export async function daemonLives(workerTypes: readonly object[], natsUrl?: string): Promise<DaemonLives> {
  const grpc = { worker: { listen: `127.0.0.1:${await freePort()}` }, client: { listen: '127.0.0.1:0' } };
  const limits = { heartbeat_interval: '1s' };
  const options = { workerTypes, limits, sections: { grpc }, ...(natsUrl === undefined ? {} : { natsUrl }) };
  const files = await writeConfig(options);
  let daemon: ChildDaemon | undefined;
  return {
    folder: files.folder,
    async start() {
      if (daemon !== undefined) throw new Error('a daemon runs already');
      daemon = await spawnDaemon(options, files);
      return daemon;
    },
    async kill() {
      daemon?.client.close();
      daemon?.kill('SIGKILL');
      await daemon?.exited();
      daemon = undefined;
    },
    async [Symbol.asyncDispose]() {
      await daemon?.[Symbol.asyncDispose]();
      for (const pid of processesMentioning(files.folder)) process.kill(pid, 'SIGKILL');
      await files[Symbol.asyncDispose]();
    },
  };
}
