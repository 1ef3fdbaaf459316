import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test says of its daemon; the rest is: free ports, the memory adapter, a temporary folder. */
export interface TestDaemonOptions {
  /** Entries of `worker_types`, spelt as in the YAML. */
  readonly workerTypes?: readonly object[];
  /** Present: the nats adapter, with this server. */
  readonly natsUrl?: string;
  /** `messaging.durability`; absent: the default of the configuration. */
  readonly durability?: 'memory' | 'acknowledged' | 'fsynced';
  /** Keys of `limits`, spelt as in the YAML. */
  readonly limits?: object;
  /** Other top-level sections, spelt as in the YAML. */
  readonly sections?: object;
}

export interface ConfigFolder extends AsyncDisposable {
  readonly folder: string;
  readonly configFile: string;
}

/** A temporary folder with a configuration file and room for the data. */
export async function writeConfig(options: TestDaemonOptions): Promise<ConfigFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-test-'));
  const configFile = join(folder, 'shoal.yaml');
  await writeFile(configFile, JSON.stringify(configuration(options, join(folder, 'data')), null, 2));
  return {
    folder,
    configFile,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

function configuration(options: TestDaemonOptions, dataDir: string) {
  const { workerTypes = [], natsUrl, durability, limits = {}, sections = {} } = options;
  return {
    data_dir: dataDir,
    grpc: { worker: { listen: '127.0.0.1:0' }, client: { listen: '127.0.0.1:0' } },
    http: { listen: '127.0.0.1:0' },
    messaging: {
      ...(durability === undefined ? {} : { durability }),
      ...(natsUrl === undefined
        ? { adapter: 'memory' }
        : { adapter: 'nats', nats: { urls: [natsUrl], connect_timeout: '20s' } }),
    },
    worker_types: workerTypes,
    limits,
    logging: { level: 'debug', format: 'json' },
    ...sections,
  };
}
