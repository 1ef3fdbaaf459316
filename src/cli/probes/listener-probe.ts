import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseServerUrls } from '../../adapters/nats/server-urls.ts';
import { portHolder } from '../../adapters/system/port-holder.ts';
import { parseListenAddress } from '../../adapters/yaml/listen-address.ts';
import type { NatsConfig, ShoalConfig } from '../../domain/configuration.ts';

/** An address that something of the daemon is to take, and the key that says so. */
interface Listener {
  readonly path: readonly string[];
  /** `host:port` */
  readonly listen: string;
}

/** What came of trying to listen there. */
export interface ListenerProbe extends Listener {
  /** Why it is not possible; undefined when it is. */
  readonly trouble?: string;
  /** Who listens there already, where that can be told. */
  readonly holder?: string;
}

/** Takes each address of a configuration for a moment. Port 0 is tried, too: its host may be none of this machine. */
export async function probeListeners({ grpc, http }: ShoalConfig): Promise<ListenerProbe[]> {
  return Promise.all([
    probeListener({ path: ['grpc', 'worker', 'listen'], listen: grpc.worker.listen }),
    probeListener({ path: ['grpc', 'client', 'listen'], listen: grpc.client.listen }),
    probeListener({ path: ['http', 'listen'], listen: http.listen }),
  ]);
}

/** Where a managed nats-server is to listen. */
export function managedAddress({ urls }: NatsConfig): Listener {
  return { path: ['messaging', 'nats', 'urls'], listen: parseServerUrls(urls).servers[0] ?? '' };
}

export async function probeListener({ path, listen }: Listener): Promise<ListenerProbe> {
  const { host, port } = parseListenAddress(listen) ?? { host: listen, port: 0 };
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return { path, listen };
  } catch (thrown) {
    const { code = 'unknown error' } = thrown as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') return { path, listen, trouble: MEANING[code] ?? code };
    const holder = portHolder(port);
    return { path, listen, trouble: 'the port is taken', ...(holder === undefined ? {} : { holder }) };
  } finally {
    server.close();
  }
}

const MEANING: Readonly<Record<string, string>> = {
  EACCES: 'this user may not listen there; ports below 1024 are for root',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
};

/** `cannot listen on 127.0.0.1:50050 (held by node (pid 12)): the port is taken` */
export function listenerTrouble({ listen, trouble, holder }: ListenerProbe): string {
  const by = holder === undefined ? '' : ` (held by ${holder})`;
  return `cannot listen on ${listen}${by}: ${trouble}`;
}
