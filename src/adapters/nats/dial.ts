import { type NatsConnection as Client, type ConnectionOptions, connect, errors } from 'nats';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { parseServerUrls, type ServerUrls } from './server-urls.ts';
import { pause } from './timing.ts';

export interface DialSettings {
  readonly urls: readonly string[];
  readonly clientName: string;
  /** Tries end after so long. */
  readonly timeoutMs: number;
  /** A half-open connection is noticed after two unanswered pings. The client's own default is four minutes in all. */
  readonly pingIntervalMs: number;
  readonly reconnectWaitMs: number;
}

/** A server that does not answer is tried again after this; doubled up to the second. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const DIAL_TIMEOUT_MS = 5_000;
const MAX_PING_OUT = 2;

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
  for (let attempt = 1; ; attempt += 1) {
    const remainingMs = deadline - performance.now();
    try {
      return await dialOnce(clientOptions(urls, settings, remainingMs), signal);
    } catch (cause) {
      if (cause instanceof ShoalError) throw cause;
      if (isRefusedLogin(cause) || remainingMs <= retryMs) throw unreachable(urls, settings.timeoutMs, cause);
      if (attempt === 1) log.warn({ servers: urls.servers, err: cause }, 'nats does not answer yet; trying on');
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

function unreachable(urls: ServerUrls, timeoutMs: number, cause: unknown): ShoalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const field = 'messaging.nats.urls';
  const advice = isRefusedLogin(cause)
    ? `check the credentials in ${field}`
    : `start a nats-server -js there or let messaging.nats.managed do it, correct ${field}, or set messaging.adapter to memory`;
  const servers = urls.servers.join(', ');
  return new ShoalError(
    'BUS_UNAVAILABLE',
    `${field}: no connection to ${servers} within ${timeoutMs} ms (${reason}); ${advice}`,
    { cause, metadata: { field } },
  );
}
