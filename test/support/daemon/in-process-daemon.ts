import 'reflect-metadata';
import { createConfigSource, loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { Daemon, type DaemonAddresses } from '../../../src/app/daemon.ts';
import { DaemonClient } from './daemon-client.ts';
import { type TestDaemonOptions, writeConfig } from './daemon-config.ts';
import { RecordingLog } from './recording-log.ts';

export interface InProcessDaemon extends AsyncDisposable {
  readonly addresses: DaemonAddresses;
  readonly client: DaemonClient;
  readonly log: RecordingLog;
  /** Where its configuration file and data are. */
  readonly folder: string;
  /** As SIGTERM would. @returns the parts that did not finish in time */
  stop(): Promise<readonly string[]>;
}

/**
 * A whole daemon inside the test's own process; disposing stops it, which ends its workers, and removes its files. What
 * it logs and records is in memory, unless `options` say otherwise.
 */
export async function startDaemon(options: TestDaemonOptions = {}): Promise<InProcessDaemon> {
  const files = await writeConfig({ durability: 'memory', ...options });
  const loaded = loadConfig({ file: files.configFile, environment: {} });
  const log = new RecordingLog();
  const daemon = new Daemon(createConfigSource(loaded), files.folder, log);
  try {
    await daemon.start();
  } catch (thrown) {
    await files[Symbol.asyncDispose]();
    throw thrown;
  }
  const { addresses } = daemon;
  const client = new DaemonClient(addresses.clients);
  return {
    addresses,
    client,
    log,
    folder: files.folder,
    stop: () => daemon.stop(),
    async [Symbol.asyncDispose]() {
      client.close();
      const stopping = daemon.stop();
      // A second time: nobody waits for the graces of a test's workers.
      await Promise.all([stopping, daemon.stop()]);
      await files[Symbol.asyncDispose]();
    },
  };
}
