import { type NatsConnection as Client, type ConnectionOptions, connect, errors } from 'nats';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { parseServerUrls, type ServerUrls } from './server-urls.ts';
import { pause } from './timing.ts';

export interface DialSettings {
  readonly urls: readonly string[];
  readonly clientName: string;
  /** Tries end after so long; Infinity: never. */
  readonly timeoutMs: number;
  /** A half-open connection is noticed when the third ping is due. The client's own default is six minutes in all. */
  readonly pingIntervalMs: number;
  readonly reconnectWaitMs: number;
  /** Told why each try failed. */
  readonly onFailure: (reason: string) => void;
}

/** A server that does not answer is tried again after this; doubled up to the second. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const DIAL_TIMEOUT_MS = 5_000;
const MAX_PING_OUT = 2;
/** One who waits for long is to find the reason in the log. */
const SAY_AGAIN_MS = 30_000;

/**
 * Connects for the first time, at which the client itself would fail at once. From then on the client reconnects for
 * ever, also when its credentials are refused for a while.
 *
 * @throws ShoalError BUS_UNAVAILABLE when no server answers in time or one refuses the credentials, CONFIG_INVALID for
 *   a malformed URL, CANCELLED when `signal` aborts
 */
export async function dial(settings: DialSettings, log: Log, signal: AbortSignal): Promise<Client> {
  const urls = parseServerUrls(settings.urls);
  const deadline = performance.now() + settings.timeoutMs;
  let retryMs = FIRST_RETRY_MS;
  let saidMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const remainingMs = deadline - performance.now();
    try {
      return await dialOnce(clientOptions(urls, settings, remainingMs), signal);
    } catch (cause) {
      if (cause instanceof ShoalError) throw cause;
      if (isRefusedLogin(cause) || remainingMs <= retryMs) throw unreachable(urls, settings.timeoutMs, cause);
      settings.onFailure(`no connection to ${urls.servers.join(', ')} (${reasonOf(cause)})`);
      if (performance.now() - saidMs >= SAY_AGAIN_MS) {
        saidMs = performance.now();
        log.warn({ servers: urls.servers, err: cause }, 'nats does not answer yet; trying on');
      }
    }
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}

/** The client's own dialling cannot be cancelled: a connection that comes after the abort is closed. */
async function dialOnce(options: ConnectionOptions, signal: AbortSignal): Promise<Client> {
  const dialled = connect(options);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new ShoalError('CANCELLED', 'stopped while connecting to NATS'));
  signal.addEventListener('abort', abort);
  try {
    if (signal.aborted) abort();
    return await Promise.race([dialled, aborted.promise]);
  } catch (error) {
    if (signal.aborted) void dialled.then((client) => client.close()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function clientOptions(urls: ServerUrls, settings: DialSettings, remainingMs: number): ConnectionOptions {
  return {
    servers: [...urls.servers],
    name: settings.clientName,
    timeout: Math.min(DIAL_TIMEOUT_MS, Math.max(100, remainingMs)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: settings.reconnectWaitMs,
    ignoreAuthErrorAbort: true,
    pingInterval: settings.pingIntervalMs,
    maxPingOut: MAX_PING_OUT,
    noAsyncTraces: true,
    ...(urls.tls ? { tls: {} } : {}),
    ...(urls.token === undefined ? {} : { token: urls.token }),
    ...(urls.user === undefined ? {} : { user: urls.user, pass: urls.pass ?? '' }),
  };
}

/** Waiting would not make them right. A login that merely took too long is tried again. */
function isRefusedLogin(error: unknown): boolean {
  return error instanceof errors.AuthorizationError && /violation/i.test(error.message);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function unreachable(urls: ServerUrls, timeoutMs: number, cause: unknown): ShoalError {
  const field = 'messaging.nats.urls';
  const advice = adviceFor(cause, field);
  const servers = urls.servers.join(', ');
  const within = isRefusedLogin(cause) ? '' : ` within ${timeoutMs} ms`;
  return new ShoalError(
    'BUS_UNAVAILABLE',
    `${field}: no connection to ${servers}${within} (${reasonOf(cause)}); ${advice}`,
    { cause, metadata: { field } },
  );
}

function adviceFor(cause: unknown, field: string): string {
  if (isRefusedLogin(cause)) return `check the credentials in ${field}`;
  if (/certificate/i.test(reasonOf(cause)))
    return 'the server wants TLS, with a certificate that this machine does not trust; name its authority in NODE_EXTRA_CA_CERTS, or let the server listen without TLS';
  return `start a nats-server -js there or let messaging.nats.managed do it, correct ${field}, or set messaging.adapter to memory; messaging.nats.on_unavailable: wait keeps trying`;
}
