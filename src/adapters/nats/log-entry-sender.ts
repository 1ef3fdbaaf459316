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
    const header = headerOf(entry);
    const size = header.length + entry.bytes.length;
    const limit = this.#connection.server.maxPayloadBytes;
    if (size > limit) return tooLarge(size, limit);
    const subject = this.#subject.of(entry.simulationId, entry.eventTypeKey);
    this.#connection.frames.write(subject, entry.bytes, `${this.#inbox}.${epoch}-${ordinal}`, header);
    return undefined;
  }
}

function tooLarge(bytes: number, maxBytes: number): string {
  return `the event has ${bytes} bytes with its header; the NATS server takes at most ${maxBytes} (max_payload)`;
}

/** The running sequence of an event within its simulation. */
export const SEQUENCE_HEADER = 'Shoal-Sequence';

/** Ids are ASCII without spaces. */
function headerOf({ simulationId, eventId, simulationSequence }: LogEntry): string {
  const number = simulationSequence === undefined ? '' : `${SEQUENCE_HEADER}: ${simulationSequence}\r\n`;
  return `NATS/1.0\r\nNats-Msg-Id: ${simulationId}/${eventId}\r\n${number}\r\n`;
}
