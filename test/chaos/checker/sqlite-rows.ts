import { DatabaseSync } from 'node:sqlite';
import { type LoggedRow, loggedRow } from './logged-row.ts';

/** Everything in an `events.db` that no daemon holds, in order. Knows its tables, and none of Shoal's code. */
export function sqliteRows(file: string): LoggedRow[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const columns = database.prepare("SELECT name FROM pragma_table_info('event')").all();
    const numbered = columns.some(({ name }) => name === 'simulation_sequence');
    const rows = database
      .prepare(
        `SELECT sequence, event_id, envelope, simulation.name AS simulation, event_key.name AS event_key,
           ${numbered ? 'simulation_sequence' : 'NULL AS simulation_sequence'}
         FROM event JOIN simulation ON simulation.number = event.simulation
           JOIN event_key ON event_key.number = event.event_key
         ORDER BY sequence`,
      )
      .iterate();
    return Array.from(rows, (row) => {
      const sequence = Number(row['sequence']);
      const simulationSequence = row['simulation_sequence'] === null ? undefined : Number(row['simulation_sequence']);
      const eventId = String(row['event_id']);
      const read = loggedRow(row['envelope'] as Uint8Array, { sequence, simulationSequence, eventId });
      if (read.simulationId !== row['simulation'] || read.key !== row['event_key'])
        throw new Error(`event ${sequence} is stored under ${row['simulation']} and ${row['event_key']}, and is not`);
      return read;
    });
  } finally {
    database.close();
  }
}
