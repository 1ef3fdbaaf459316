import { HOW_TO_GET_NATS_SERVER } from '../../adapters/nats/nats-server-binary.ts';
import type { NatsConfig, ShoalConfig } from '../../domain/configuration.ts';
import type { CliHost } from '../cli-host.ts';
import { listenerTrouble, managedAddress, probeListener } from '../probes/listener-probe.ts';
import { probeNats } from '../probes/nats-probe.ts';
import { probeNatsServer } from '../probes/nats-server-probe.ts';
import { type Finding, fail, failWith, ok, warn } from './finding.ts';

const URLS = 'messaging.nats.urls';
const STREAM = 'messaging.nats.stream';

/** The server that the configuration names; with the memory adapter there is none to ask. */
export async function examineMessaging(
  { messaging }: Pick<ShoalConfig, 'messaging'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { adapter, nats } = messaging;
  if (adapter === 'memory') return [ok('messaging', 'memory: no NATS server is needed')];
  if (nats.managed) return [await examineManaged(nats, signal)];
  const found = await probeNats(nats, signal);
  if (found.trouble !== undefined) return [failWith(URLS, found.trouble, 'name another server there')];
  const answers = ok(URLS, `a NATS server ${found.version} with JetStream answers`);
  if (found.streamTrouble === undefined) return [answers];
  return [answers, failWith(STREAM, found.streamTrouble.replace(`${STREAM}: `, ''), 'name another stream there')];
}

/** The daemon starts it: its address is to be free, or the server there may be the one that a running daemon has started. */
async function examineManaged(nats: NatsConfig, signal: AbortSignal): Promise<Finding> {
  const address = await probeListener(managedAddress(nats));
  if (address.trouble === undefined) return ok(URLS, `${address.listen} is free for the managed server`);
  const found = await probeNats(nats, signal);
  if (found.trouble === undefined)
    return ok(URLS, `a NATS server ${found.version} answers: the daemon's, if it is running`);
  return fail(URLS, listenerTrouble(address), 'end that process, or name another address there');
}

/** A nats-server of this machine: the demo can take it, and a configuration with a managed server must have it. */
export async function examineNatsServer(
  { environment }: Pick<CliHost, 'environment'>,
  { isNeeded }: { isNeeded: boolean },
): Promise<Finding> {
  const name = 'nats-server';
  const program = await probeNatsServer(environment);
  if (program.trouble === undefined) return ok(name, program.found);
  if (program.isMisnamed) return failWith(name, program.trouble, 'correct NATS_SERVER_BIN, or unset it');
  if (isNeeded) return fail(name, `${program.trouble}, and messaging.nats.managed needs it`, HOW_TO_GET_NATS_SERVER);
  return warn(name, `${program.trouble}: no \`demo --nats\` and no managed server`, HOW_TO_GET_NATS_SERVER);
}
