import type { JetStreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, nanos, type Subscription } from 'nats';
import { addConsumer, type ConsumerPlan } from './add-consumer.ts';
import type { NatsConnection } from './nats-connection.ts';
import { type PulledMessage, pulledMessage } from './pulled-message.ts';

const HEARTBEAT_MS = 2_000;
/** Of a pull by a reader that waits for what is to come. */
const WAITING = { expires: nanos(30_000), idle_heartbeat: nanos(HEARTBEAT_MS) };
/** Of one that reads what is there: a server of 2.9 goes on counting what retention has taken, and then sends nothing until it is over. */
const CATCHING_UP = { expires: nanos(2_000), idle_heartbeat: nanos(500) };
/** Two heartbeats that do not come mean that the server, or the consumer, is gone. */
const SILENCE_MS = 2.5 * HEARTBEAT_MS;
/** Of one that only counts, should nobody be able to delete it. */
const COUNTER_INACTIVE_MS = 5_000;
const NO_MESSAGES = 404;
const TIMED_OUT = 408;
const CONFLICT = 409;
const HEARTBEAT = 100;
/** Conflicts that only say that this pull is over: what was asked for has come, or would be too many bytes. */
const PULL_IS_OVER = /batch completed|max ?bytes/i;
const TOO_MANY_BYTES = /max ?bytes/i;

/**
 * One ephemeral consumer, until anything happens to it: the server names it, keeps it in memory and forgets it by itself.
 *
 * Messages come only for a pull, at most as many as it asked for. The library's own `fetch` subscribes, and follows the
 * connection, for each batch; its `consume` goes on asking while nobody reads.
 */
export class LogConsumer {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #plan: ConsumerPlan;
  readonly #onChange: () => void;
  readonly #inbox = createInbox();
  readonly #messages: PulledMessage[] = [];
  #subscription: Subscription | undefined;
  #stopFollowing: (() => void) | undefined;
  #silence: NodeJS.Timeout | undefined;
  #name = '';
  #pulls = 0;
  #asked = 0;
  #outstanding = 0;
  /** The next message alone has more bytes than the last pull asked for. */
  #isOversized = false;
  #delivered = 0;
  /** Of the stream; 0 before the first message. */
  #lastSequence = 0;
  #pending = 0;
  #fault: string | undefined;

  private constructor(connection: NatsConnection, manager: JetStreamManager, plan: ConsumerPlan, onChange: () => void) {
    this.#connection = connection;
    this.#manager = manager;
    this.#plan = plan;
    this.#onChange = onChange;
  }

  /**
   * @param onChange called when a message has come, and when {@link fault} is known
   * @throws what the library throws: the caller tries again, or gives up
   */
  static async create(
    connection: NatsConnection,
    manager: JetStreamManager,
    plan: ConsumerPlan,
    onChange: () => void,
  ): Promise<LogConsumer> {
    const consumer = new LogConsumer(connection, manager, plan, onChange);
    await consumer.#create();
    return consumer;
  }

  /** Why it is of no use any more. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get isPulling(): boolean {
    return this.#outstanding > 0;
  }

  /** Messages that have come and wait to be taken. */
  get waiting(): number {
    return this.#messages.length;
  }

  /** Whether the server had more for us when last it said something. */
  get hasMore(): boolean {
    return this.#pending > 0 || this.#messages.length > 0;
  }

  /**
   * Asks for that many messages, and no more bytes. For a message larger than `maxBytes` nothing comes; the pull after
   * that asks for it alone: it was stored when the server took more.
   *
   * @param waits for what is to come
   */
  pull(batch: number, maxBytes: number, waits: boolean): void {
    const bounds = this.#isOversized ? { batch: 1 } : { batch, max_bytes: maxBytes };
    this.#isOversized = false;
    this.#pulls += 1;
    this.#asked = bounds.batch;
    this.#outstanding = bounds.batch;
    const request = { ...bounds, ...(waits ? WAITING : CATCHING_UP) };
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#plan.stream}.${this.#name}`;
    this.#connection.client.publish(subject, JSON.stringify(request), { reply: `${this.#inbox}.${this.#pulls}` });
    this.#hush();
  }

  /** All that has come. */
  take(): PulledMessage[] {
    return this.#messages.splice(0);
  }

  /**
   * Whether the stream has nothing more for us, and nothing is under way.
   *
   * A consumer hears of new messages some time after they are stored (seen on 2.15: in 4 of 100 questions under load its
   * info did not count them), so that another is made, which counts in the stream itself.
   */
  async isAtEnd(): Promise<boolean> {
    if (this.hasMore) return false;
    const delivered = this.#delivered;
    const start = this.#lastSequence > 0 ? { sequence: this.#lastSequence + 1 } : this.#plan.start;
    const counter = await addConsumer(this.#manager, { ...this.#plan, start, inactiveMs: COUNTER_INACTIVE_MS });
    this.#forget(counter.name);
    if (this.#delivered !== delivered) return false;
    this.#pending = counter.num_pending;
    return this.#pending === 0;
  }

  /** Lets the server forget it now. */
  close(): void {
    this.#end('closed');
  }

  async #create(): Promise<void> {
    const { name, num_pending } = await addConsumer(this.#manager, this.#plan);
    this.#name = name;
    this.#pending = num_pending;
    this.#subscription = this.#connection.client.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else this.#end(error.message);
      },
    });
    // What was under way is lost, and who knows whether the consumer is still there.
    this.#stopFollowing = this.#connection.state.onChange(() => this.#end('the connection was lost'));
  }

  #receive(received: Msg): void {
    const message = pulledMessage(received);
    if (message === undefined) {
      this.#heed(received);
      return;
    }
    if (this.#fault !== undefined) return;
    if (message.delivery !== this.#delivered + 1) {
      this.#end(`delivery ${this.#delivered + 1} was lost`);
      return;
    }
    this.#delivered = message.delivery;
    this.#lastSequence = message.sequence;
    this.#pending = message.pending;
    this.#outstanding -= 1;
    this.#messages.push(message);
    this.#hush();
    this.#onChange();
  }

  /** What the server says of a pull: it lives, it is over, or it cannot be. */
  #heed(received: Msg): void {
    if (Number(received.subject.slice(this.#inbox.length + 1)) !== this.#pulls) return;
    const code = received.headers?.code ?? 0;
    const reason = received.headers?.description ?? '';
    if (code === HEARTBEAT) {
      this.#hush();
    } else if (code === NO_MESSAGES || code === TIMED_OUT || (code === CONFLICT && PULL_IS_OVER.test(reason))) {
      this.#isOversized = code === CONFLICT && TOO_MANY_BYTES.test(reason) && this.#outstanding === this.#asked;
      this.#outstanding = 0;
      // What was counted and did not come has been deleted.
      if (code === TIMED_OUT) this.#pending = 0;
      this.#hush();
      this.#onChange();
    } else {
      this.#end(`${code} ${reason}`);
    }
  }

  #end(fault: string): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#outstanding = 0;
    clearTimeout(this.#silence);
    this.#stopFollowing?.();
    this.#subscription?.unsubscribe();
    this.#forget(this.#name);
    this.#onChange();
  }

  /** Best effort: the server forgets a consumer in its own time, but allows only so many. */
  #forget(name: string): void {
    if (this.#connection.connected) this.#manager.consumers.delete(this.#plan.stream, name).catch(() => {});
  }

  /** Counts the silence anew; without a pull nothing is expected. */
  #hush(): void {
    clearTimeout(this.#silence);
    if (this.#outstanding > 0) this.#silence = setTimeout(() => this.#end('the server says nothing'), SILENCE_MS);
  }
}
