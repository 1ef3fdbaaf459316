import { formatPath } from '../../adapters/yaml/config-path.ts';
import { parseListenAddress } from '../../adapters/yaml/listen-address.ts';
import type { ShoalConfig } from '../../domain/configuration.ts';
import { DaemonClient } from '../daemon-client.ts';
import { type ListenerProbe, listenerTrouble, probeListeners } from '../probes/listener-probe.ts';
import { type Finding, fail, ok } from './finding.ts';

const ANSWER_MS = 2_000;

/** Whether the daemon could listen where it is to; a daemon that does so already is no trouble. */
export async function examineListeners(config: ShoalConfig, signal: AbortSignal): Promise<Finding[]> {
  const probes = await probeListeners(config);
  const client = probes.find(({ path }) => path.includes('client'));
  const daemon = client?.trouble === undefined ? undefined : await daemonAt(client.listen, signal);
  return probes.map((probe) => {
    const name = formatPath(probe.path);
    if (probe.trouble === undefined) return ok(name, `${probe.listen} is free`);
    const isTheDaemon = daemon !== undefined && (probe === client || isHeldBySame(probe, client));
    if (isTheDaemon) return ok(name, `${probe.listen} belongs to the daemon ${daemon}, which is running`);
    return fail(
      name,
      listenerTrouble(probe),
      `${probe.holder === undefined ? '' : 'end that process, or '}set ${name} to another address, such as ${free(probe)}`,
    );
  });
}

function isHeldBySame({ holder }: ListenerProbe, other: ListenerProbe | undefined): boolean {
  return holder !== undefined && holder === other?.holder;
}

/** The id of the daemon whose client address this is; undefined when what listens there is something else. */
async function daemonAt(address: string, signal: AbortSignal): Promise<string | undefined> {
  const client = new DaemonClient(address.replace(/^(0\.0\.0\.0|\[::\])(?=:\d+$)/, '127.0.0.1'), signal);
  try {
    return (await client.call('GetInfo', {}, { timeoutMs: ANSWER_MS })).message.orchestratorId;
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}

/** Any free port; an address of another machine is none of this one's. */
function free({ listen, holder }: ListenerProbe): string {
  const { host = '127.0.0.1' } = parseListenAddress(listen) ?? {};
  if (holder === undefined) return '127.0.0.1:0';
  return host.includes(':') ? `[${host}]:0` : `${host}:0`;
}
