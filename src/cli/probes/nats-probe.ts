import { logStreamTrouble } from '../../adapters/nats/ensure-log-stream.ts';
import { compileLogSubject } from '../../adapters/nats/log-subject.ts';
import { NatsConnection } from '../../adapters/nats/nats-connection.ts';
import { silentLog } from '../../app/silent-log.ts';
import type { NatsConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { isAtLeast } from './version-order.ts';

/** The oldest server that the tests run over. */
export const OLDEST_NATS_SERVER = '2.9.10';

/** Somebody waits for the answer: less than the time that the daemon gives a server to come up. */
const CONNECT_MS = 2_000;
const REQUEST_MS = 2_000;

/** A server that would do, or, first of all, why it would not. */
export type NatsProbe =
  | {
      readonly version: string;
      /** Why the stream that is there could not hold the log. */
      readonly streamTrouble?: string;
      readonly trouble?: undefined;
    }
  | { readonly trouble: string };

/** Connects, asks for JetStream, and goes; makes nothing on the server. @throws ShoalError CANCELLED by `signal` */
export async function probeNats(config: NatsConfig, signal: AbortSignal): Promise<NatsProbe> {
  const connectTimeoutMs = Math.min(CONNECT_MS, config.connectTimeoutMs);
  const connection = new NatsConnection({ ...config, connectTimeoutMs, onUnavailable: 'fail' }, silentLog, {
    clientName: 'shoal check',
  });
  try {
    await connection.start(signal);
    const { version } = connection.server;
    if (!isAtLeast(version, OLDEST_NATS_SERVER)) {
      return { trouble: `the server is ${version}; expected ${OLDEST_NATS_SERVER} or newer` };
    }
    const refusal = await jetStreamRefusal(connection);
    if (refusal === undefined) {
      const { captured } = compileLogSubject(config.stream.subject);
      const streamTrouble = await logStreamTrouble(connection, config.stream, captured);
      return { version, ...(streamTrouble === undefined ? {} : { streamTrouble }) };
    }
    return { trouble: `${refusal}; start the nats-server with JetStream (-js) and let this account use it` };
  } catch (thrown) {
    if (!(thrown instanceof ShoalError) || thrown.code === 'CANCELLED') throw thrown;
    return { trouble: thrown.message.replace(/^messaging\.nats\.urls: /, '') };
  } finally {
    await connection.stop();
  }
}

/** https://docs.nats.io/reference/reference-protocols/nats_api_reference: answers what the account may, or why nothing. */
async function jetStreamRefusal({ client }: NatsConnection): Promise<string | undefined> {
  try {
    const { error } = (await client.request('$JS.API.INFO', '', { timeout: REQUEST_MS })).json() as {
      error?: { description?: string };
    };
    return error === undefined ? undefined : `JetStream answers: ${error.description ?? 'an error'}`;
  } catch (thrown) {
    return `JetStream does not answer (${thrown instanceof Error ? thrown.message : thrown})`;
  }
}
