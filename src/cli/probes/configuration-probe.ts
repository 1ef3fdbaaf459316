import type { ConfigProblem } from '../../adapters/yaml/config-problem.ts';
import type { LoadedConfig } from '../../adapters/yaml/load-config.ts';
import type { NatsConfig } from '../../domain/configuration.ts';
import type { CliHost } from '../cli-host.ts';
import { listenerTrouble, managedAddress, probeListener, probeListeners } from './listener-probe.ts';
import { probeNats } from './nats-probe.ts';
import { probeNatsServer } from './nats-server-probe.ts';

type Surroundings = Pick<CliHost, 'environment' | 'interrupts'>;

interface Trouble {
  readonly path: readonly string[];
  readonly message: string;
}

/** What a configuration asks of this machine and its network, and does not get, as problems of the keys that ask for it. */
export async function surroundingsProblems(loaded: LoadedConfig, host: Surroundings): Promise<ConfigProblem[]> {
  const { adapter, nats } = loaded.config.messaging;
  const found = await Promise.all([
    listenerTroubles(loaded),
    adapter === 'memory' ? [] : nats.managed ? managedTroubles(nats, host) : serverTroubles(nats, host),
  ]);
  return found.flat().map(({ path, message }) => loaded.problemAt(path, message));
}

async function listenerTroubles({ config }: LoadedConfig): Promise<Trouble[]> {
  const probes = await probeListeners(config);
  return probes.flatMap((probe) => {
    if (probe.trouble === undefined) return [];
    return [{ path: probe.path, message: `${listenerTrouble(probe)}; expected an address that is free` }];
  });
}

async function serverTroubles(nats: NatsConfig, { interrupts }: Surroundings): Promise<Trouble[]> {
  const { trouble } = await probeNats(nats, interrupts.signal);
  return trouble === undefined ? [] : [{ path: ['messaging', 'nats', 'urls'], message: trouble }];
}

/** The daemon starts this server itself: it needs the program, and the address. */
async function managedTroubles(nats: NatsConfig, { environment }: Surroundings): Promise<Trouble[]> {
  const [program, address] = await Promise.all([probeNatsServer(environment), probeListener(managedAddress(nats))]);
  const troubles: Trouble[] = [];
  if (program.trouble !== undefined) {
    const message = `needs a nats-server: ${program.trouble}; \`shoal doctor\` says how to get one`;
    troubles.push({ path: ['messaging', 'nats', 'managed'], message });
  }
  if (address.trouble !== undefined)
    troubles.push({ path: address.path, message: `${listenerTrouble(address)}; expected an address that is free` });
  return troubles;
}
