import { createInbox, type Msg } from 'nats';
import type { NatsConfig } from '../../domain/configuration.ts';
import { compileSubjectFilter } from '../../domain/routing/subject-filter.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, Durability, EventLog, LogEntry } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { AppendPipeline } from './append-pipeline.ts';
import type { AppendStatistics } from './append-statistics.ts';
import { closedError, type LinkState } from './connection-state.ts';
import { LastingSubscription } from './lasting-subscription.ts';
import { LogEntrySender } from './log-entry-sender.ts';
import { LogStreamKeeper } from './log-stream-keeper.ts';
import { compileLogSubject, type LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';
import { parsePublishAck, readStoredSequence } from './publish-ack.ts';
import { within } from './timing.ts';

export interface NatsEventLogOptions {
  /** Appends are rejected after so long without any progress. Default 30 s. */
  readonly giveUpAfterMs?: number;
  /** Beside `maxInFlight`: unacknowledged bytes before appends wait. Default 16 MiB. */
  readonly maxInFlightBytes?: number;
  /** Of appends behind those: more is refused at once. Default 128 MiB. */
  readonly maxWaitingBytes?: number;
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
  readonly #log: Log;
  readonly #drainTimeoutMs: number;
  readonly #sender: LogEntrySender;
  readonly #pipeline: AppendPipeline;
  /** Where each event goes. */
  readonly subject: LogSubject;
  readonly #inbox = createInbox();
  readonly #stream: LogStreamKeeper;
  #acks: LastingSubscription | undefined;
  #stopFollowing: (() => void)[] = [];
  #stopped = false;

  /** @throws ShoalError CONFIG_INVALID for a malformed `messaging.nats.stream.subject` */
  constructor(connection: NatsConnection, config: NatsConfig, log: Log, options: NatsEventLogOptions = {}) {
    this.#connection = connection;
    this.#log = log;
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 5_000;
    this.subject = compileLogSubject(config.stream.subject);
    const demands = {
      captured: this.subject.captured,
      durability: options.demanded ?? 'memory',
      syncsAlways: options.syncsAlways ?? (async () => false),
    };
    this.#stream = new LogStreamKeeper(connection, config, demands, log);
    this.#sender = new LogEntrySender(connection, this.subject, this.#inbox);
    this.#pipeline = new AppendPipeline(
      this.#sender,
      {
        maxInFlight: config.stream.maxInFlight,
        maxInFlightBytes: options.maxInFlightBytes ?? 16 * 1024 * 1024,
        ackTimeoutMs: config.stream.ackTimeoutMs,
        giveUpAfterMs: options.giveUpAfterMs ?? 30_000,
        ...(options.maxWaitingBytes === undefined ? {} : { maxWaitingBytes: options.maxWaitingBytes }),
      },
      log,
    );
  }

  /** Found out when it starts, and looked at again while it runs. */
  get durability(): Durability {
    return this.#stream.durability;
  }

  /** Counters and gauges, to be read at any time. */
  get statistics(): AppendStatistics {
    return this.#pipeline.statistics;
  }

  /** Of the stream that was found or created. @throws ShoalError BUS_UNAVAILABLE before `start` */
  get streamName(): string {
    if (this.#stream.name === undefined) throw notStarted();
    return this.#stream.name;
  }

  /** Why events cannot be logged now, for people; a lost connection is told by the connection. */
  get trouble(): string | undefined {
    const stuck = this.#pipeline.trouble;
    return (
      this.#stream.trouble ?? this.#acks?.fault ?? (stuck === undefined ? undefined : `event log: ${stuck.reason}`)
    );
  }

  /**
   * Nothing is stored, and the server does not say why: so does one whose disk was full, until it is restarted. One of 2.9 does not
   * even answer pings then, so that the connection is lost and made again and again.
   */
  get isUnanswered(): boolean {
    const stuck = this.#pipeline.trouble;
    return stuck !== undefined && stuck.kind !== 'refusal';
  }

  /** @throws ShoalError CONFIG_INVALID when the log survives less than is demanded; as `ensureLogStream` does */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#acks !== undefined) return;
    await this.#stream.start(signal, (fault) => {
      this.#sender.hold(fault);
      this.#pipeline.hindranceChanged();
    });
    this.#acks = new LastingSubscription(
      this.#connection,
      `${this.#inbox}.*`,
      (answer) => this.#onAnswer(answer),
      this.#log,
    );
    this.#acks.open();
    const captured = this.subject.captured.map(compileSubjectFilter);
    this.#stopFollowing = [
      this.#connection.state.onChange((state) => this.#linkChanged(state)),
      this.#connection.onPublishRefused(({ subject, reason }) => {
        if (captured.some((matches) => matches(subject)))
          this.#pipeline.refusedUnnamed(`${reason}; let the NATS user of Shoal publish to the subjects of the log`);
      }),
    ];
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
    for (const stopFollowing of this.#stopFollowing) stopFollowing();
    this.#stream.stop();
    this.#acks?.close();
  }

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    if (this.#stopped) throw closedError();
    if (this.#acks === undefined) throw notStarted();
    if (batch.length === 0) return { firstSequence: 0, lastSequence: 0, rejected: [], duplicates: [] };
    return await this.#pipeline.append(batch);
  }

  #linkChanged(state: LinkState): void {
    if (state === 'closed') {
      this.#pipeline.fail(closedError());
      return;
    }
    this.#pipeline.hindranceChanged();
    // Another server may have been put in its place.
    if (state === 'connected') this.#stream.lookSoon();
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
    else {
      this.#pipeline.refused(Number(token.slice(0, dash)), ordinal, ack.code, ack.reason);
      this.#stream.lookSoon();
    }
  }
}

function notStarted(): ShoalError {
  return new ShoalError('BUS_UNAVAILABLE', 'the event log has not been started');
}
