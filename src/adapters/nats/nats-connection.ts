import { type NatsConnection as Client, errors, type Status } from 'nats';
import type { NatsConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { ConnectionState, closedError, disconnectedError } from './connection-state.ts';
import { dial } from './dial.ts';
import { FrameWriter } from './frame-writer.ts';
import { within } from './timing.ts';

export interface NatsConnectionOptions {
  /** Seen in the server's monitoring and logs. Default `shoal`. */
  readonly clientName?: string;
  /** How long `stop` waits for what was published to leave. Default 5 s. */
  readonly drainTimeoutMs?: number;
  /** Between two tries to find a lost server again. Default 250 ms. */
  readonly reconnectWaitMs?: number;
}

export interface ServerFacts {
  readonly version: string;
  /** The most that a message may hold, headers included. */
  readonly maxPayloadBytes: number;
}

/** What the server does not let this user publish. */
export interface PublishRefusal {
  readonly subject: string;
  readonly reason: string;
}

/** The server says the same error for each message it does not permit; it is logged once in this time. */
const SAME_ERROR_QUIET_MS = 10_000;

/**
 * The one connection to NATS, shared by bus, log and command channel.
 *
 * `start` keeps trying for `connectTimeoutMs`; after that a lost connection is found again for ever. Everything else
 * in this folder waits on {@link state} instead of writing into the client while it is disconnected: the client would
 * drop those messages without an error when it connects again.
 */
export class NatsConnection implements ManagedPart {
  readonly name = 'nats connection';
  readonly state = new ConnectionState();
  /** For events, of which there are many. */
  readonly frames = new FrameWriter(this);
  readonly #config: NatsConfig;
  readonly #log: Log;
  readonly #clientName: string;
  readonly #drainTimeoutMs: number;
  readonly #refusalListeners = new Set<(refusal: PublishRefusal) => void>();
  readonly #reconnectWaitMs: number;
  #client: Client | undefined;
  #server: ServerFacts = { version: 'unknown', maxPayloadBytes: 1_048_576 };
  #reconnects = 0;
  #lastError = { message: '', atMs: 0 };
  #trouble: string | undefined;
  /** What came before the connection is lost, and explains it. */
  #lostBecause: string | undefined;

  constructor(config: NatsConfig, log: Log, options: NatsConnectionOptions = {}) {
    this.#config = config;
    this.#log = log;
    this.#clientName = options.clientName ?? 'shoal';
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 5_000;
    this.#reconnectWaitMs = options.reconnectWaitMs ?? 250;
  }

  get connected(): boolean {
    return this.state.current === 'connected';
  }

  /** How often the connection was lost and found again. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** Of the server connected to now, or last; another one of a cluster may differ. */
  get server(): ServerFacts {
    return this.#server;
  }

  /** Why there is no connection, for people; undefined while there is one, and before the first try. */
  get trouble(): string | undefined {
    if (this.connected) return undefined;
    return this.#trouble;
  }

  /** Hears of each message that the server did not take from this user, once the server says so. @returns what ends that */
  onPublishRefused(listener: (refusal: PublishRefusal) => void): () => void {
    this.#refusalListeners.add(listener);
    return () => this.#refusalListeners.delete(listener);
  }

  /** The library's connection. @throws ShoalError BUS_UNAVAILABLE before `start`, SHUTTING_DOWN after `stop` */
  get client(): Client {
    if (this.#client !== undefined) return this.#client;
    if (this.state.current === 'closed') throw closedError();
    throw new ShoalError('BUS_UNAVAILABLE', 'the NATS connection has not been started');
  }

  /** @throws ShoalError BUS_UNAVAILABLE, CONFIG_INVALID, or CANCELLED when `signal` aborts first */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#client !== undefined) return;
    const { urls, connectTimeoutMs, onUnavailable, pingIntervalMs = 2_000 } = this.#config;
    const settings = {
      urls,
      timeoutMs: onUnavailable === 'wait' ? Number.POSITIVE_INFINITY : connectTimeoutMs,
      clientName: this.#clientName,
      pingIntervalMs,
      reconnectWaitMs: this.#reconnectWaitMs,
      onFailure: (reason: string) => {
        this.#trouble = reason;
      },
    };
    const client = await dial(settings, this.#log, signal);
    this.#client = client;
    this.#server = factsOf(client);
    void this.#follow(client);
    void client.closed().then((error) => this.#closed(error));
    this.state.set('connected');
    this.#log.info({ server: client.getServer(), version: this.#server.version }, 'connected to nats');
  }

  /** Lets what was published leave, for a bounded time, and closes. Waiters are told SHUTTING_DOWN. */
  async stop(): Promise<void> {
    const client = this.#client;
    const wasConnected = this.connected;
    this.frames.flush();
    this.#client = undefined;
    this.state.set('closed');
    if (client === undefined) return;
    if (wasConnected) await this.#drain(client);
    await client.close();
  }

  /**
   * Waits until the server has taken everything that was handed to {@link frames} or the client before.
   *
   * @returns false when the connection was lost meanwhile, and with it perhaps some of that
   * @throws ShoalError BUS_UNAVAILABLE when the server does not answer in time, SHUTTING_DOWN after `stop`
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const { client } = this;
    this.frames.flush();
    return await new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        stopListening();
        act();
      };
      const timer = setTimeout(() => settle(() => reject(disconnectedError(timeoutMs))), timeoutMs);
      const stopListening = this.state.onChange((state) => {
        if (state === 'closed') settle(() => reject(closedError()));
      });
      client.flush().then(
        () => settle(() => resolve(true)),
        () => settle(() => resolve(false)),
      );
    });
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

  async #follow(client: Client): Promise<void> {
    for await (const status of client.status()) this.#observe(client, status);
  }

  #observe(client: Client, status: Status): void {
    if (status.type === 'staleConnection') {
      this.#lostBecause = 'it answers no pings';
    } else if (status.type === 'disconnect' && this.connected) {
      const reason = this.#tellLost(status.server, this.#lostBecause ?? 'it closed the connection');
      this.#log.warn({ server: status.server, reason }, 'nats connection lost; reconnecting');
      this.state.set('disconnected');
    } else if (status.type === 'reconnect') {
      this.#server = factsOf(client);
      this.#reconnects += 1;
      this.#lostBecause = undefined;
      this.#log.info({ server: status.server, version: this.#server.version }, 'nats connection restored');
      this.state.set('connected');
    } else if (status.type === 'error') {
      this.#reportError(status.error);
    } else if (status.type === 'ldm') {
      this.#log.info({ server: status.server }, 'nats server is about to shut down');
    }
  }

  #reportError(error: Error): void {
    if (error instanceof errors.PermissionViolationError) {
      if (error.operation === 'publish') this.#tellRefused({ subject: error.subject, reason: error.message });
    } else {
      this.#lostBecause = `it said "${error.message}"`;
      if (this.state.current === 'disconnected') this.#tellLost(this.#client?.getServer() ?? '', this.#lostBecause);
    }
    const atMs = performance.now();
    const last = this.#lastError;
    if (error.message === last.message && atMs - last.atMs < SAME_ERROR_QUIET_MS) return;
    this.#lastError = { message: error.message, atMs };
    this.#log.warn({ err: error }, 'nats server reported an error');
  }

  /** @returns the reason */
  #tellLost(server: string, reason: string): string {
    this.#trouble = `not connected to NATS: ${server} was lost, ${reason}; start it, or mend the way to it`;
    return reason;
  }

  #tellRefused(refusal: PublishRefusal): void {
    for (const listener of this.#refusalListeners) listener(refusal);
  }

  #closed(error: unknown): void {
    if (this.state.current === 'closed') return;
    this.#log.error({ err: error }, 'nats connection closed for good');
    this.#trouble = 'the NATS connection is closed for good; restart Shoal';
    this.state.set('closed');
  }
}

function factsOf(client: Client): ServerFacts {
  return { version: client.info?.version ?? 'unknown', maxPayloadBytes: client.info?.max_payload ?? 1_048_576 };
}
