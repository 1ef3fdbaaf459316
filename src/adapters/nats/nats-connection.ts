import { type NatsConnection as Client, type ConnectionOptions, connect, errors, type Status } from 'nats';
import type { NatsConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { ConnectionState, closedError, disconnectedError } from './connection-state.ts';
import { parseServerUrls, type ServerUrls } from './server-urls.ts';
import { pause, within } from './timing.ts';

export interface NatsConnectionOptions {
  /** Seen in the server's monitoring and logs. Default `shoal`. */
  readonly clientName?: string;
  /** How long `stop` waits for what was published to leave. Default 5 s. */
  readonly drainTimeoutMs?: number;
}

export interface ServerFacts {
  readonly version: string;
  /** The most that a message may hold, headers included. */
  readonly maxPayloadBytes: number;
}

/** A server that does not answer is tried again after this; doubled up to the second. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const DIAL_TIMEOUT_MS = 5_000;
/** A half-open connection is noticed after two unanswered pings. The client's own default is four minutes. */
const PING_INTERVAL_MS = 10_000;
const MAX_PING_OUT = 2;
const RECONNECT_WAIT_MS = 250;

/**
 * The one connection to NATS, shared by bus, log and command channel.
 *
 * `start` keeps trying for `connectTimeoutMs`; from then on the client reconnects for ever, also when credentials are
 * refused for a while. Everything else in this folder waits on {@link state} instead of writing into the client while
 * it is disconnected: the client would drop those messages without an error when it connects again.
 */
export class NatsConnection implements ManagedPart {
  readonly name = 'nats connection';
  readonly state = new ConnectionState();
  readonly #config: NatsConfig;
  readonly #log: Log;
  readonly #clientName: string;
  readonly #drainTimeoutMs: number;
  #client: Client | undefined;
  #server: ServerFacts = { version: 'unknown', maxPayloadBytes: 1_048_576 };
  #reconnects = 0;

  constructor(config: NatsConfig, log: Log, options: NatsConnectionOptions = {}) {
    this.#config = config;
    this.#log = log;
    this.#clientName = options.clientName ?? 'shoal';
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 5_000;
  }

  get connected(): boolean {
    return this.state.current === 'connected';
  }

  /** How often the connection was lost and found again. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** The library's connection. @throws ShoalError BUS_UNAVAILABLE before `start`, SHUTTING_DOWN after `stop` */
  get client(): Client {
    if (this.#client !== undefined) return this.#client;
    if (this.state.current === 'closed') throw closedError();
    throw new ShoalError('BUS_UNAVAILABLE', 'the NATS connection has not been started');
  }

  /** Of the server connected to now, or last; another one of a cluster may differ. */
  get server(): ServerFacts {
    return this.#server;
  }

  /** @throws ShoalError BUS_UNAVAILABLE, CONFIG_INVALID, or CANCELLED when `signal` aborts first */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#client !== undefined) return;
    const urls = parseServerUrls(this.#config.urls);
    const client = await this.#dial(urls, signal);
    this.#client = client;
    this.#server = factsOf(client);
    void this.#follow(client);
    void client.closed().then((error) => this.#closed(error));
    this.state.set('connected');
    this.#log.info({ server: client.getServer(), version: this.server.version }, 'connected to nats');
  }

  /** Lets what was published leave, for a bounded time, and closes. Waiters are told SHUTTING_DOWN. */
  async stop(): Promise<void> {
    const client = this.#client;
    const wasConnected = this.connected;
    this.#client = undefined;
    this.state.set('closed');
    if (client === undefined) return;
    if (wasConnected) await this.#drain(client);
    await client.close();
  }

  /**
   * Waits until the server has taken everything that was handed to the client before.
   *
   * @returns false when the connection was lost meanwhile, and with it perhaps some of that
   * @throws ShoalError BUS_UNAVAILABLE when the server does not answer in time, SHUTTING_DOWN after `stop`
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const flushed = this.client.flush().then(
      () => true,
      () => false,
    );
    const answered = await within(flushed, timeoutMs, () => {
      throw disconnectedError(timeoutMs);
    });
    if (!answered && this.state.current === 'closed') throw closedError();
    return answered;
  }

  async #drain(client: Client): Promise<void> {
    const drained = client.drain().then(
      () => true,
      () => true,
    );
    if (!(await within(drained, this.#drainTimeoutMs, () => false))) {
      this.#log.warn({ drainTimeoutMs: this.#drainTimeoutMs }, 'nats connection closed before it was drained');
    }
  }

  /** The client's first connect fails at once, so that the patience is here. */
  async #dial(urls: ServerUrls, signal: AbortSignal): Promise<Client> {
    const deadline = performance.now() + this.#config.connectTimeoutMs;
    let retryMs = FIRST_RETRY_MS;
    for (let attempt = 1; ; attempt += 1) {
      const remainingMs = deadline - performance.now();
      try {
        return await dialOnce(clientOptions(urls, this.#clientName, Math.max(100, remainingMs)), signal);
      } catch (cause) {
        if (cause instanceof ShoalError) throw cause;
        if (isRefusedLogin(cause) || remainingMs <= retryMs) throw this.#unreachable(urls, cause);
        if (attempt === 1) this.#log.warn({ servers: urls.servers, err: cause }, 'nats does not answer yet; trying on');
      }
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  #unreachable(urls: ServerUrls, cause: unknown): ShoalError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = isRefusedLogin(cause)
      ? 'check the credentials in messaging.nats.urls'
      : 'start a nats-server there, correct messaging.nats.urls, or set messaging.adapter to memory';
    return new ShoalError(
      'BUS_UNAVAILABLE',
      `messaging.nats.urls: no connection to ${urls.servers.join(', ')} within ${this.#config.connectTimeoutMs} ms (${reason}); ${advice}`,
      { cause, metadata: { field: 'messaging.nats.urls' } },
    );
  }

  async #follow(client: Client): Promise<void> {
    for await (const status of client.status()) this.#observe(client, status);
  }

  #observe(client: Client, status: Status): void {
    if (status.type === 'disconnect' && this.connected) {
      this.#log.warn({ server: status.server }, 'nats connection lost; reconnecting');
      this.state.set('disconnected');
    } else if (status.type === 'reconnect') {
      this.#server = factsOf(client);
      this.#reconnects += 1;
      this.#log.info({ server: status.server, version: this.#server.version }, 'nats connection restored');
      this.state.set('connected');
    } else if (status.type === 'error') {
      this.#log.warn({ err: status.error }, 'nats server reported an error');
    } else if (status.type === 'ldm') {
      this.#log.info({ server: status.server }, 'nats server is about to shut down');
    }
  }

  #closed(error: unknown): void {
    if (this.state.set('closed')) this.#log.error({ err: error }, 'nats connection closed for good');
  }
}

function clientOptions(urls: ServerUrls, name: string, remainingMs: number): ConnectionOptions {
  return {
    servers: [...urls.servers],
    name,
    timeout: Math.min(DIAL_TIMEOUT_MS, remainingMs),
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    ignoreAuthErrorAbort: true,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PING_OUT,
    noAsyncTraces: true,
    ...(urls.tls ? { tls: {} } : {}),
    ...(urls.token === undefined ? {} : { token: urls.token }),
    ...(urls.user === undefined ? {} : { user: urls.user, pass: urls.pass ?? '' }),
  };
}

function factsOf(client: Client): ServerFacts {
  return { version: client.info?.version ?? 'unknown', maxPayloadBytes: client.info?.max_payload ?? 1_048_576 };
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

function isRefusedLogin(error: unknown): boolean {
  return error instanceof errors.AuthorizationError && /violation/i.test(error.message);
}
