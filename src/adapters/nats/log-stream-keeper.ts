import type { StreamInfo } from '@nats-io/jetstream';
import type { NatsConfig } from '../../domain/configuration.ts';
import type { Durability } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import { ensureLogStream, findLogStream } from './ensure-log-stream.ts';
import { LogStreamWatch } from './log-stream-watch.ts';
import type { NatsConnection } from './nats-connection.ts';
import { demandDurability, durabilityOf } from './stream-durability.ts';

export interface LogStreamDemands {
  /** Subjects that it has to capture. */
  readonly captured: readonly string[];
  /** The least that it must survive. */
  readonly durability: Durability;
  /** Whether the server writes through to the disk before it acknowledges. */
  readonly syncsAlways: (signal: AbortSignal) => Promise<boolean>;
}

/** Finds or makes the stream of the log, and sees to it that it stays fit for it. */
export class LogStreamKeeper {
  readonly #connection: NatsConnection;
  readonly #config: NatsConfig;
  readonly #demands: LogStreamDemands;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #name: string | undefined;
  #durability: Durability = 'memory';
  #watch: LogStreamWatch | undefined;
  #startTrouble: string | undefined;

  constructor(connection: NatsConnection, config: NatsConfig, demands: LogStreamDemands, log: Log) {
    this.#connection = connection;
    this.#config = config;
    this.#demands = demands;
    this.#log = log;
  }

  /** Undefined before it was found. */
  get name(): string | undefined {
    return this.#name;
  }

  /** As it was found last. */
  get durability(): Durability {
    return this.#durability;
  }

  /** Why it cannot hold the log, for people; while it is looked for the first time, why it is not found. */
  get trouble(): string | undefined {
    return this.#watch === undefined ? this.#startTrouble : this.#watch.fault;
  }

  /**
   * @param onFault told why the stream cannot hold the log any more; undefined when one can again
   * @throws ShoalError CONFIG_INVALID when it survives less than is demanded; as `ensureLogStream` does
   */
  async start(signal: AbortSignal, onFault: (fault: string | undefined) => void): Promise<void> {
    const { connectTimeoutMs, onUnavailable, stream: wanted } = this.#config;
    const { captured } = this.#demands;
    const stream = await ensureLogStream(this.#connection, wanted, captured, {
      timeoutMs: onUnavailable === 'wait' ? Number.POSITIVE_INFINITY : connectTimeoutMs,
      signal,
      log: this.#log,
      onFailure: (reason) => {
        this.#startTrouble = reason;
      },
    });
    this.#startTrouble = undefined;
    await this.#take(stream, signal);
    const find = async () => this.#take(await findLogStream(this.#connection, wanted, captured), this.#closing.signal);
    this.#watch = new LogStreamWatch(stream, { find, onFault, log: this.#log });
  }

  /** Something hints at a stream that is gone or changed. */
  lookSoon(): void {
    this.#watch?.lookSoon();
  }

  stop(): void {
    this.#closing.abort();
    this.#watch?.stop();
  }

  async #take(stream: StreamInfo, signal: AbortSignal): Promise<StreamInfo> {
    this.#name = stream.config.name;
    this.#durability = durabilityOf(stream.config, await this.#demands.syncsAlways(signal));
    demandDurability(this.#durability, this.#demands.durability, this.#name);
    return stream;
  }
}
