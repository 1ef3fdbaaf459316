import { errors } from 'nats';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { LogEntry } from '../../ports/event-log.ts';
import type { AppendSender } from './append-sender.ts';
import type { Hindrance } from './append-trouble.ts';
import { FrameWriter } from './frame-writer.ts';
import type { LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';

const DISCONNECTED: Hindrance = { kind: 'connection', reason: 'the connection is lost' };

/** Publishes log entries with the message id that de-duplicates them and the reply subject that acknowledges them. */
export class LogEntrySender implements AppendSender {
  readonly #connection: NatsConnection;
  readonly #subject: LogSubject;
  readonly #inbox: string;
  readonly #frames: FrameWriter;
  #held: Hindrance | undefined;

  constructor(connection: NatsConnection, subject: LogSubject, inbox: string) {
    this.#connection = connection;
    this.#subject = subject;
    this.#inbox = inbox;
    this.#frames = new FrameWriter(connection);
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
    this.#frames.write(subject, entry.bytes, `${this.#inbox}.${epoch}-${ordinal}`, header);
    return undefined;
  }

  flush(): void {
    try {
      this.#frames.flush();
    } catch (error) {
      // A client that is closing takes nothing: the entries count as lost under way, and are told so with all others.
      if (!(error instanceof ShoalError) && !isClosing(error)) throw error;
    }
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

/** Ids are ASCII without spaces. */
function headerOf({ simulationId, eventId, simulationSequence }: LogEntry): string {
  const number = simulationSequence === undefined ? '' : `${SEQUENCE_HEADER}: ${simulationSequence}\r\n`;
  return `NATS/1.0\r\nNats-Msg-Id: ${simulationId}/${eventId}\r\n${number}\r\n`;
}
