import { JetStreamApiError, type JetStreamManager, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { compileSubjectFilter, type SubjectFilter } from '../../domain/routing/subject-filter.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { identityOf } from './known-stream.ts';
import type { LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';
import { pause } from './timing.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const RETRY_MS = 100;
/** No leader, or JetStream is still starting. */
const NOT_READY = 503;
const NEVER = new AbortController().signal;

/** How far the log reaches. */
export interface LogBounds {
  /** Sequence of the first entry there is; of that which comes next, when there is none. */
  readonly first: number;
  /** Sequence of the last entry there was. */
  readonly last: number;
  /** Another one is another log, whose sequences say nothing about those of this one. */
  readonly identity: string;
}

/** The stream that holds the log, for those who read it. */
export class LogStream {
  readonly connection: NatsConnection;
  readonly subject: LogSubject;
  /** How long a reader tries to reach it before it gives up. */
  readonly outageTimeoutMs: number;
  stopped = false;
  readonly #name: () => string;
  readonly #captured: readonly SubjectFilter[];

  /** @param name of the stream; known once the log has started */
  constructor(connection: NatsConnection, subject: LogSubject, name: () => string, outageTimeoutMs: number) {
    this.connection = connection;
    this.subject = subject;
    this.outageTimeoutMs = outageTimeoutMs;
    this.#name = name;
    this.#captured = subject.captured.map(compileSubjectFilter);
  }

  /** An operator's stream may hold other things too. */
  captures(subject: string): boolean {
    return this.#captured.some((matches) => matches(subject));
  }

  async manage(): Promise<{ readonly name: string; readonly manager: JetStreamManager }> {
    const options = { checkAPI: false, timeout: REQUEST_TIMEOUT_MS };
    return { name: this.#name(), manager: await jetstreamManager(this.connection.client, options) };
  }

  async bounds(signal?: AbortSignal): Promise<LogBounds> {
    return boundsOf(await this.ask((manager, name) => manager.streams.info(name), signal));
  }

  /**
   * Asks again when the answer was lost, so that `question` must bear that.
   *
   * @throws ShoalError BUS_UNAVAILABLE when the server refuses, or does not answer in time; SHUTTING_DOWN;
   *   CANCELLED when `signal` aborts between two tries
   */
  async ask<Answer>(
    question: (manager: JetStreamManager, name: string) => Promise<Answer>,
    signal: AbortSignal = NEVER,
    patienceMs = this.outageTimeoutMs,
  ): Promise<Answer> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      await this.connection.state.whenConnected(Math.max(1, deadline - performance.now()), signal);
      try {
        const { manager, name } = await this.manage();
        return await this.whileConnected(question(manager, name));
      } catch (cause) {
        const isFinal = cause instanceof JetStreamApiError && cause.status !== NOT_READY;
        if (isFinal || performance.now() > deadline) throw unanswered(cause);
      }
      await pause(RETRY_MS, signal);
    }
  }

  /** Settles as `answer` does, or rejects when the connection is lost, and with it perhaps the answer. */
  async whileConnected<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { promise: lost, reject } = Promise.withResolvers<never>();
    const stopFollowing = this.connection.state.onChange(() => reject(new Error('the connection was lost')));
    try {
      return await Promise.race([answer, lost]);
    } finally {
      stopFollowing();
      answer.catch(() => {});
    }
  }
}

function unanswered(cause: unknown): ShoalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ShoalError('BUS_UNAVAILABLE', `the event log does not answer: ${reason}; try again`, { cause });
}

export function boundsOf(stream: StreamInfo): LogBounds {
  return { first: stream.state.first_seq, last: stream.state.last_seq, identity: identityOf(stream) };
}
