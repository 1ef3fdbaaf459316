import { createInbox, type Msg, type Subscription } from 'nats';
import type { NatsConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, Durability, EventLog, LogEntry } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { AppendPipeline, type AppendStatistics } from './append-pipeline.ts';
import { closedError } from './connection-state.ts';
import { ensureLogStream } from './ensure-log-stream.ts';
import { LogEntrySender } from './log-entry-sender.ts';
import { compileLogSubject, type LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';
import { parsePublishAck, readStoredSequence } from './publish-ack.ts';
import { demandDurability, durabilityOf } from './stream-durability.ts';
import { within } from './timing.ts';

export interface NatsEventLogOptions {
  /** Appends are rejected after so long without any progress. Default 30 s. */
  readonly giveUpAfterMs?: number;
  /** Beside `maxInFlight`: unacknowledged bytes before appends wait. Default 16 MiB. */
  readonly maxInFlightBytes?: number;
  /** The least that the log must survive, or it does not start. Default `memory`. */
  readonly demanded?: Durability;
  /** Whether the server writes through to the disk before it acknowledges. Default: it does not. */
  readonly syncsAlways?: (signal: AbortSignal) => Promise<boolean>;
  /** How long `stop` waits for acknowledgements. Default 5 s. */
  readonly drainTimeoutMs?: number;
}

/**
 * The durable log in a JetStream stream.
 *
 * `acknowledged` means what JetStream means by it: the server has the event, and syncs it to disk in its own time. Only a server
 * that was asked and says so makes it `fsynced`.
 * How order survives a repeated append is told at {@link AppendPipeline}.
 */
export class NatsEventLog implements EventLog, ManagedPart {
  readonly name = 'nats event log';
  readonly #connection: NatsConnection;
  readonly #config: NatsConfig;
  readonly #log: Log;
  readonly #drainTimeoutMs: number;
  readonly #demanded: Durability;
  readonly #syncsAlways: (signal: AbortSignal) => Promise<boolean>;
  readonly #pipeline: AppendPipeline;
  /** Where each event goes. */
  readonly subject: LogSubject;
  readonly #inbox = createInbox();
  #streamName: string | undefined;
  #durability: Durability = 'memory';
  #acks: Subscription | undefined;
  #stopFollowing: (() => void) | undefined;
  #stopped = false;

  /** @throws ShoalError CONFIG_INVALID for a malformed `messaging.nats.stream.subject` */
  constructor(connection: NatsConnection, config: NatsConfig, log: Log, options: NatsEventLogOptions = {}) {
    this.#connection = connection;
    this.#config = config;
    this.#log = log;
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 5_000;
    this.#demanded = options.demanded ?? 'memory';
    this.#syncsAlways = options.syncsAlways ?? (async () => false);
    this.subject = compileLogSubject(config.stream.subject);
    this.#pipeline = new AppendPipeline(
      new LogEntrySender(connection, this.subject, this.#inbox),
      {
        maxInFlight: config.stream.maxInFlight,
        maxInFlightBytes: options.maxInFlightBytes ?? 16 * 1024 * 1024,
        ackTimeoutMs: config.stream.ackTimeoutMs,
        giveUpAfterMs: options.giveUpAfterMs ?? 30_000,
      },
      log,
    );
  }

  /** Found out when it starts. */
  get durability(): Durability {
    return this.#durability;
  }

  /** Counters and gauges, to be read at any time. */
  get statistics(): AppendStatistics {
    return this.#pipeline.statistics;
  }

  /** Of the stream that was found or created. @throws ShoalError BUS_UNAVAILABLE before `start` */
  get streamName(): string {
    if (this.#streamName === undefined) throw notStarted();
    return this.#streamName;
  }

  /** @throws ShoalError CONFIG_INVALID when the log survives less than is demanded; as `ensureLogStream` does */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#acks !== undefined) return;
    const stream = await ensureLogStream(this.#connection, this.#config.stream, this.subject.captured, {
      timeoutMs: this.#config.connectTimeoutMs,
      signal,
      log: this.#log,
    });
    this.#streamName = stream.config.name;
    this.#durability = durabilityOf(stream.config, await this.#syncsAlways(signal));
    demandDurability(this.#durability, this.#demanded, this.#streamName);
    this.#acks = this.#connection.client.subscribe(`${this.#inbox}.*`, {
      callback: (error, answer) => {
        if (error === null) this.#onAnswer(answer);
        else this.#log.error({ err: error }, 'nats ended the subscription to acknowledgements; nothing can be logged');
      },
    });
    this.#stopFollowing = this.#connection.state.onChange((state) => {
      if (state === 'closed') this.#pipeline.fail(closedError());
      else this.#pipeline.connectionChanged();
    });
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const drained = await within(
      this.#pipeline.whenEmpty().then(() => true),
      this.#drainTimeoutMs,
      () => false,
    );
    if (!drained) {
      this.#log.warn(
        { unacknowledged: this.#pipeline.statistics.inFlight },
        'event log stopped before all was acknowledged',
      );
      this.#pipeline.fail(closedError());
    }
    this.#stopFollowing?.();
    this.#acks?.unsubscribe();
  }

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    if (this.#stopped) throw closedError();
    if (this.#acks === undefined) throw notStarted();
    if (batch.length === 0) return { lastSequence: 0, rejected: [] };
    return await this.#pipeline.append(batch);
  }

  #onAnswer(answer: Msg): void {
    const token = answer.subject.slice(this.#inbox.length + 1);
    const dash = token.indexOf('-');
    const ordinal = Number(token.slice(dash + 1));
    const sequence = readStoredSequence(answer.data);
    if (sequence > 0) {
      this.#pipeline.acknowledged(ordinal, sequence, false);
      return;
    }
    const ack = parsePublishAck(answer.data);
    if (ack.kind === 'stored') this.#pipeline.acknowledged(ordinal, ack.sequence, ack.duplicate);
    else this.#pipeline.refused(Number(token.slice(0, dash)), ordinal, ack.code, ack.reason);
  }
}

function notStarted(): ShoalError {
  return new ShoalError('BUS_UNAVAILABLE', 'the event log has not been started');
}
