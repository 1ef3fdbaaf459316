import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import type { SeenEvent } from './witness.ts';

export interface LoggedEvent extends SeenEvent {
  readonly sequence: number;
  readonly messageId: string;
}

/** Everything that is in the stream now, read by a consumer as the logging service would. */
export async function readLog(connection: NatsConnection, stream = 'LOGGING_EVENTS'): Promise<LoggedEvent[]> {
  const consumer = await jetstream(connection).consumers.get(stream, { filter_subjects: 'logging.events.raw.>' });
  let { num_pending: pending } = await consumer.info();
  const events: LoggedEvent[] = [];
  while (pending > 0) {
    const messages = await consumer.fetch({ max_messages: 2_000, expires: 10_000 });
    for await (const message of messages) {
      events.push({
        subject: message.subject,
        bytes: Buffer.from(message.data),
        sequence: message.seq,
        messageId: message.headers?.get('Nats-Msg-Id') ?? '',
      });
      pending = message.info.pending;
      if (pending === 0) messages.stop();
    }
  }
  return events;
}
