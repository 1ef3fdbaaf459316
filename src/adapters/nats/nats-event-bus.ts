import type { Msg } from 'nats';
import { checkFilter, checkSubject } from '../../domain/routing/subject-rules.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { BusMessage, BusSubscription, EventBus } from '../../ports/event-bus.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { closedError } from './connection-state.ts';
import { DoubtfulBatches, type SentBatch } from './doubtful-batches.ts';
import { LastingSubscription } from './lasting-subscription.ts';
import type { NatsConnection } from './nats-connection.ts';
import { OutboundWindow } from './outbound-window.ts';
import { PublishQueue } from './publish-queue.ts';
import { PublishRefusals } from './publish-refusals.ts';

export interface NatsEventBusOptions {
  /** How long a publish or subscribe waits for a lost connection. Default 30 s. */
  readonly outageTimeoutMs?: number;
  /** Bytes handed to the client and not confirmed by the server before publishers wait. Default 4 MiB. */
  readonly maxUnconfirmedBytes?: number;
  /** Bytes of batches that wait; a publisher that does not await its turn is refused beyond it. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
}

/**
 * The live bus over core NATS subjects.
 *
 * Batches enter the client only while it is connected and the server keeps up; otherwise they wait here, in order. What
 * was under way when a connection breaks, about a round trip, is sent again, before all else, over the next one: nobody
 * can say whether the server had it, so that it may come twice. When there is none for `outageTimeoutMs`, it is dropped
 * and counted; so is what is in doubt when the bus stops.
 */
export class NatsEventBus implements EventBus, ManagedPart {
  readonly name = 'nats event bus';
  readonly #connection: NatsConnection;
  readonly #log: Log;
  readonly #refusals = new PublishRefusals();
  readonly #doubtful: DoubtfulBatches;
  readonly #outageTimeoutMs: number;
  readonly #window: OutboundWindow<SentBatch>;
  readonly #queue: PublishQueue;
  readonly #subscriptions = new Set<LastingSubscription>();
  #stopFollowing: (() => void)[] = [];
  #stopped = false;

  constructor(connection: NatsConnection, log: Log, options: NatsEventBusOptions = {}) {
    this.#connection = connection;
    this.#log = log;
    this.#doubtful = new DoubtfulBatches(log);
    this.#outageTimeoutMs = options.outageTimeoutMs ?? 30_000;
    this.#window = new OutboundWindow<SentBatch>(connection, {
      maxBytes: options.maxUnconfirmedBytes ?? 4 * 1024 * 1024,
      onRoom: () => this.#pump(),
      onLost: (batches) => {
        this.#doubtful.add(batches);
        if (this.#stopped) this.#doubtful.dropAll();
      },
    });
    this.#queue = new PublishQueue(this.#outageTimeoutMs, options.maxWaitingBytes ?? 64 * 1024 * 1024);
  }

  /** Batches whose publisher is waiting, now. */
  get waitingBatches(): number {
    return this.#queue.length;
  }

  /** Messages that were given up because there was no connection for too long, or until the bus was stopped. */
  get dropped(): number {
    return this.#doubtful.dropped;
  }

  /** Bytes handed to the client and not yet known to have reached the server, now. */
  get unconfirmedBytes(): number {
    return this.#window.unconfirmedBytes;
  }

  /** Messages that this NATS user was not allowed to publish: nobody got them. */
  get refused(): number {
    return this.#refusals.count;
  }

  /** Why live messages do not come through, for people; a lost connection is told by the connection. */
  get trouble(): string | undefined {
    for (const { fault } of this.#subscriptions) if (fault !== undefined) return fault;
    return this.#refusals.trouble;
  }

  async start(): Promise<void> {
    if (this.#stopFollowing.length > 0) return;
    this.#stopFollowing = [
      this.#connection.state.onChange(() => this.#pump()),
      this.#connection.onPublishRefused((refusal) => this.#refusals.note(refusal)),
    ];
  }

  /** Rejects who still waits; the connection, which stops later, drains what was handed over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#window.markLast();
    for (const stopFollowing of this.#stopFollowing) stopFollowing();
    this.#queue.rejectAll(closedError());
    this.#doubtful.dropAll();
  }

  async publish(batch: readonly BusMessage[]): Promise<void> {
    if (this.#stopped) throw closedError();
    const bytes = this.#check(batch);
    if (this.#queue.length === 0 && this.#doubtful.isEmpty && this.#open)
      this.#send({ batch, bytes, atMs: performance.now() });
    else await this.#queue.wait(batch, bytes);
  }

  async subscribe(filter: string, deliver: (message: BusMessage) => void): Promise<BusSubscription> {
    if (this.#stopped) throw closedError();
    checkFilter(filter);
    const subscription = new LastingSubscription(this.#connection, filter, this.#receiver(filter, deliver), this.#log);
    subscription.open();
    this.#subscriptions.add(subscription);
    const unsubscribe = (): void => {
      this.#subscriptions.delete(subscription);
      subscription.close();
    };
    try {
      await this.#live();
    } catch (error) {
      unsubscribe();
      throw error;
    }
    return { unsubscribe };
  }

  /** The client subscribes again whenever it reconnects; what has to be awaited is that the server knows of it. */
  async #live(): Promise<void> {
    const deadline = performance.now() + this.#outageTimeoutMs;
    const remainingMs = (): number => Math.max(1, deadline - performance.now());
    do await this.#connection.state.whenConnected(remainingMs());
    while (!(await this.#connection.flush(remainingMs())));
  }

  /** An exception in a callback would end the client's reader and with it the whole connection. */
  #receiver(filter: string, deliver: (message: BusMessage) => void): (message: Msg) => void {
    let logged = false;
    return (message) => {
      try {
        deliver({ subject: message.subject, bytes: message.data });
      } catch (err) {
        if (!logged) this.#log.error({ filter, err }, 'a bus subscriber throws; said once for each');
        logged = true;
      }
    };
  }

  get #open(): boolean {
    return this.#connection.connected && !this.#window.full;
  }

  /** @returns the bytes of the batch */
  #check(batch: readonly BusMessage[]): number {
    const { maxPayloadBytes } = this.#connection.server;
    let total = 0;
    let checked = '';
    for (const { subject, bytes } of batch) {
      if (subject !== checked) checkSubject(subject);
      checked = subject;
      if (bytes.length > maxPayloadBytes) throw tooLarge(bytes.length, maxPayloadBytes);
      total += subject.length + bytes.length;
    }
    return total;
  }

  #send(sent: SentBatch): void {
    const { frames } = this.#connection;
    for (const { subject, bytes } of sent.batch) frames.write(subject, bytes);
    this.#window.sent(sent, sent.bytes);
  }

  #pump(): void {
    if (this.#connection.connected) {
      this.#doubtful.sendAgain((sent) => this.#send(sent), performance.now() - this.#outageTimeoutMs);
    }
    while (this.#open) {
      const next = this.#queue.take();
      if (next === undefined) return;
      try {
        this.#send({ batch: next.batch, bytes: next.bytes, atMs: performance.now() });
        next.resolve();
      } catch (cause) {
        // A reconnect may have led to a server that takes less than the one for which the batch was checked.
        next.reject(new ShoalError('BUS_UNAVAILABLE', 'the NATS client refused a message', { cause }));
      }
    }
  }
}

function tooLarge(bytes: number, maxBytes: number): ShoalError {
  const limit = `the NATS server takes at most ${maxBytes} (max_payload)`;
  return invalidArgument('bytes', `the message has ${bytes} bytes; ${limit}`);
}
