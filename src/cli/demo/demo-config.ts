import { join } from 'node:path';
import { packageRoot } from '../../adapters/grpc/proto-loading.ts';
import { type LoadedConfig, parseConfig } from '../../adapters/yaml/load-config.ts';

/** The one worker type of the demo. */
export const DEMO_WORKER_TYPE = 'fish';

const ANY_PORT = { listen: '127.0.0.1:0' };

/** A configuration that needs nothing of this machine but a folder, and collides with no daemon that runs on it. */
export function demoConfig({ folder, natsPort }: { folder: string; natsPort: number | undefined }): LoadedConfig {
  const configuration = {
    data_dir: join(folder, 'data'),
    grpc: { worker: ANY_PORT, client: ANY_PORT },
    http: ANY_PORT,
    // Nothing of it is to be kept.
    messaging: natsPort === undefined ? { adapter: 'memory', durability: 'memory' } : managedNats(natsPort),
    worker_types: [
      {
        name: DEMO_WORKER_TYPE,
        plugin: 'executable',
        options: { executable: process.execPath, args: [join(packageRoot(), 'examples', 'fish-school', 'run.mjs')] },
        stop: { grace: '2s' },
      },
    ],
  };
  // JSON is YAML.
  return parseConfig(JSON.stringify(configuration), join(folder, 'demo.yaml'));
}

/** A server of the demo's own, wherever one is found. */
function managedNats(port: number): object {
  return { adapter: 'nats', nats: { managed: true, urls: [`nats://127.0.0.1:${port}`] } };
}
