import { createInbox, type Msg } from 'nats';
import type { WorkerId } from '../../domain/ids.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { CommandChannel, Delivery } from '../../ports/command-channel.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { closedError, disconnectedError } from './connection-state.ts';
import { LastingSubscription } from './lasting-subscription.ts';
import type { NatsConnection } from './nats-connection.ts';
import { OutboundWindow } from './outbound-window.ts';
import { SharedFlush } from './shared-flush.ts';

export interface NatsCommandChannelOptions {
  /** How long `deliver` waits for the server, an outage included. Default 5 s. */
  readonly deliverTimeoutMs?: number;
}

/** Actions nobody can wait for are dropped rather than kept for a server that does not read. */
const MAX_UNCONFIRMED_POST_BYTES = 4 * 1024 * 1024;

/**
 * Commands over the subject `commands.worker.{worker_id}.control`.
 *
 * Each carries a reply subject on which nobody ever answers but the server: 503, at once, when nobody subscribed to the
 * worker's subject. That answer precedes the PONG of the flush behind it, so that the flush decides.
 */
export class NatsCommandChannel implements CommandChannel, ManagedPart {
  readonly name = 'nats command channel';
  readonly #connection: NatsConnection;
  readonly #posts: OutboundWindow<undefined>;
  readonly #flush: SharedFlush;
  readonly #deliverTimeoutMs: number;
  readonly #inbox = createInbox();
  /** The deliveries under way, by reply token, and whether the server has said that nobody listens. */
  readonly #underWay = new Map<string, Attempt>();
  readonly #log: Log;
  #subscription: LastingSubscription | undefined;
  #stopFollowing: (() => void) | undefined;
  #deliveries = 0;
  #dropped = 0;

  constructor(connection: NatsConnection, log: Log, options: NatsCommandChannelOptions = {}) {
    this.#connection = connection;
    this.#log = log;
    this.#posts = new OutboundWindow(connection, { maxBytes: MAX_UNCONFIRMED_POST_BYTES });
    this.#deliverTimeoutMs = options.deliverTimeoutMs ?? 5_000;
    this.#flush = new SharedFlush(connection);
  }

  /** Agent actions that were not sent, because the connection was lost or the server too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Why it is not heard that a worker is not there, for people. */
  get trouble(): string | undefined {
    return this.#subscription?.fault;
  }

  async start(): Promise<void> {
    this.#subscription ??= new LastingSubscription(
      this.#connection,
      `${this.#inbox}.*`,
      (message) => this.#onReply(message),
      this.#log,
    );
    this.#subscription.open();
    this.#stopFollowing ??= this.#connection.onPublishRefused(({ subject, reason }) => {
      for (const attempt of this.#underWay.values()) if (attempt.subject === subject) attempt.refusal = reason;
    });
  }

  async stop(): Promise<void> {
    this.#stopFollowing?.();
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  /**
   * Sends again when the connection broke under way: the worker then may see the command twice, under one id.
   *
   * @throws ShoalError BUS_UNAVAILABLE when the server cannot be reached in time, INVALID_ARGUMENT for more than it takes
   */
  async deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery> {
    if (this.#subscription === undefined) throw closedError();
    this.#demandSize(envelope);
    const deadline = performance.now() + this.#deliverTimeoutMs;
    let wasLost = false;
    for (;;) {
      const remainingMs = deadline - performance.now();
      if (remainingMs <= 0) throw disconnectedError(this.#deliverTimeoutMs);
      if (!this.#connection.connected) await this.#connection.state.whenConnected(remainingMs);
      const delivery = await this.#attempt(workerId, envelope, Math.max(1, deadline - performance.now()));
      if (delivery === 'unreachable' && wasLost) return 'in doubt';
      if (delivery !== 'lost') return delivery;
      wasLost = true;
    }
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    if (this.#subscription === undefined || !this.#connection.connected || this.#posts.full) {
      this.#dropped += 1;
      return;
    }
    this.#connection.client.publish(controlSubject(workerId), envelope);
    this.#posts.sent(undefined, envelope.length);
  }

  #demandSize({ length }: Uint8Array): void {
    const { maxPayloadBytes } = this.#connection.server;
    if (length <= maxPayloadBytes) return;
    throw invalidArgument(
      'command',
      `has ${length} bytes; the NATS server takes at most ${maxPayloadBytes} (max_payload)`,
    );
  }

  async #attempt(workerId: WorkerId, envelope: Uint8Array, timeoutMs: number): Promise<Delivery | 'lost'> {
    this.#deliveries += 1;
    const token = String(this.#deliveries);
    const subject = controlSubject(workerId);
    const attempt: Attempt = { subject, unheard: false };
    this.#underWay.set(token, attempt);
    try {
      const publish = (): void =>
        this.#connection.client.publish(subject, envelope, { reply: `${this.#inbox}.${token}` });
      if (!(await this.#flush.behind(publish, timeoutMs))) return 'lost';
      if (attempt.refusal !== undefined) throw forbidden(attempt.refusal);
      return attempt.unheard ? 'unreachable' : 'delivered';
    } finally {
      this.#underWay.delete(token);
    }
  }

  /** Only the server's own 503 counts: a worker ignores the reply subject, and whoever answers there says nothing. */
  #onReply(message: Msg): void {
    if (message.headers?.code !== 503) return;
    const attempt = this.#underWay.get(message.subject.slice(this.#inbox.length + 1));
    if (attempt !== undefined) attempt.unheard = true;
  }
}

/** A delivery under way, and what the server has said of it. */
interface Attempt {
  readonly subject: string;
  /** Nobody listens. */
  unheard: boolean;
  refusal?: string;
}

function forbidden(reason: string): ShoalError {
  return new ShoalError(
    'BUS_UNAVAILABLE',
    `the command was not sent: ${reason}; let the NATS user of Shoal publish there`,
  );
}

function controlSubject(workerId: WorkerId): string {
  return `commands.worker.${workerId}.control`;
}
