import { ShoalError } from '../../domain/shoal-error.ts';

const TIMEOUT_MS = 5_000;

/**
 * Asks a server's monitoring address whether JetStream writes through to the disk before it acknowledges. No other way tells;
 * of a cluster, it is told of this server alone.
 *
 * @param address such as http://127.0.0.1:8222
 * @throws ShoalError BUS_UNAVAILABLE when it does not answer as a nats-server does
 */
export async function syncsAlways(address: string, signal: AbortSignal): Promise<boolean> {
  const field = 'messaging.nats.monitor';
  try {
    const answer = await fetch(new URL('varz', withSlash(address)), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const facts = (await answer.json()) as { server_id?: unknown; jetstream?: { config?: { sync_always?: unknown } } };
    if (facts.server_id === undefined) throw new Error(`status ${answer.status}, and no server_id`);
    return facts.jetstream?.config?.sync_always === true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ShoalError(
      'BUS_UNAVAILABLE',
      `${field}: ${address} does not answer as the monitoring of a nats-server (${reason}); start the server with -m PORT`,
      { cause, metadata: { field } },
    );
  }
}

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
