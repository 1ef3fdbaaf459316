import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { type LoggedRow, loggedRow } from './logged-row.ts';

const STREAM = 'LOGGING_EVENTS';
const PAGE = 1_000;

/** Everything in the log's stream, in order, through the plain client. */
export async function jetstreamRows(url: string): Promise<LoggedRow[]> {
  const connection = await connect({ servers: url });
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info(STREAM);
    const consumer = await jetstream(connection).consumers.get(STREAM);
    const rows: LoggedRow[] = [];
    while (rows.length < state.messages) {
      const before = rows.length;
      const messages = await consumer.fetch({ max_messages: Math.min(PAGE, state.messages - before), expires: 10_000 });
      for await (const { seq, data, headers } of messages) {
        const said = headers?.get('Shoal-Sequence') ?? '';
        // The id is SIMULATION/EVENT, so that two simulations may use the same.
        const id = headers?.get('Nats-Msg-Id') ?? '';
        const eventId = id.slice(id.indexOf('/') + 1);
        rows.push(
          loggedRow(data, { sequence: seq, simulationSequence: said === '' ? undefined : Number(said), eventId }),
        );
      }
      if (rows.length === before) throw new Error(`${STREAM} has ${state.messages} messages and gave ${before}`);
    }
    return rows;
  } finally {
    await connection.close();
  }
}
