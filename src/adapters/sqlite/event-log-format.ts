import type { StoreFileFormat } from './store-file.ts';

/**
 * The tables of the event log. Names stand once and are numbered: an event costs its envelope and some 70 bytes.
 *
 * `state.last_sequence` keeps sequences rising when the last events have been removed.
 */
export const EVENT_LOG_FORMAT: StoreFileFormat = {
  what: 'event log',
  applicationId: 0x53_68_6f_45,
  version: 2,
  schema: `
    CREATE TABLE simulation (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE event_key (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE event (
      sequence INTEGER PRIMARY KEY,
      time_ms INTEGER NOT NULL,
      simulation INTEGER NOT NULL,
      event_key INTEGER NOT NULL,
      event_id TEXT NOT NULL,
      envelope BLOB NOT NULL,
      simulation_sequence INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX event_by_id ON event (simulation, event_id);
    CREATE INDEX event_by_simulation ON event (simulation);
    CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO state VALUES ('last_sequence', 0)
  `,
  // 0 is that of events that were logged before there were running sequences.
  upgrades: ['ALTER TABLE event ADD COLUMN simulation_sequence INTEGER NOT NULL DEFAULT 0'],
};
