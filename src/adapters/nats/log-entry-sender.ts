import { errors, MsgHdrsImpl } from 'nats';
import type { LogEntry } from '../../ports/event-log.ts';
import type { AppendSender } from './append-sender.ts';
import type { Hindrance } from './append-trouble.ts';
import type { LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';

const DISCONNECTED: Hindrance = { kind: 'connection', reason: 'the connection is lost' };

/** Publishes log entries with the message id that de-duplicates them and the reply subject that acknowledges them. */
export class LogEntrySender implements AppendSender {
  readonly #connection: NatsConnection;
  readonly #subject: LogSubject;
  readonly #inbox: string;
  #held: Hindrance | undefined;

  constructor(connection: NatsConnection, subject: LogSubject, inbox: string) {
    this.#connection = connection;
    this.#subject = subject;
    this.#inbox = inbox;
  }

  get hindrance(): Hindrance | undefined {
    return this.#connection.connected ? this.#held : DISCONNECTED;
  }

  /** @param why the stream cannot hold the log: nothing is sent to it until it can */
  hold(why: string | undefined): void {
    this.#held = why === undefined ? undefined : { kind: 'refusal', reason: why };
  }

  send(entry: LogEntry, epoch: number, ordinal: number): string | undefined {
    const headers = new LogEntryHeader(entry);
    const size = headers.bytes.length + entry.bytes.length;
    const limit = this.#connection.server.maxPayloadBytes;
    if (size > limit) return tooLarge(size, limit);
    const subject = this.#subject.of(entry.simulationId, entry.eventTypeKey);
    const reply = `${this.#inbox}.${epoch}-${ordinal}`;
    try {
      this.#connection.client.publish(subject, entry.bytes, { headers, reply });
    } catch (error) {
      // A client that is closing takes nothing: the entry counts as lost under way, and is told so with all others.
      if (isClosing(error)) return undefined;
      return `the NATS client refuses the event: ${error instanceof Error ? error.message : error}`;
    }
    return undefined;
  }
}

function tooLarge(bytes: number, maxBytes: number): string {
  return `the event has ${bytes} bytes with its header; the NATS server takes at most ${maxBytes} (max_payload)`;
}

function isClosing(error: unknown): boolean {
  return error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError;
}

/** The running sequence of an event within its simulation. */
export const SEQUENCE_HEADER = 'Shoal-Sequence';

/** The client asks headers only for their encoding; writing these lines costs a seventh of the general way. */
class LogEntryHeader extends MsgHdrsImpl {
  readonly bytes: Uint8Array;

  constructor({ simulationId, eventId, simulationSequence }: LogEntry) {
    super();
    const number = simulationSequence === undefined ? '' : `${SEQUENCE_HEADER}: ${simulationSequence}\r\n`;
    this.bytes = Buffer.from(`NATS/1.0\r\nNats-Msg-Id: ${simulationId}/${eventId}\r\n${number}\r\n`, 'latin1');
  }

  override encode(): Uint8Array {
    return this.bytes;
  }
}
