import type { StoreFileFormat } from './store-file.ts';

/**
 * What is large stands once for each request. `open` counts the simulations for which it is not done; `progress` is JSON with `sent` and
 * `result`.
 */
const TABLES = `
  CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    simulation_ids TEXT NOT NULL,
    simulations INTEGER NOT NULL,
    open INTEGER NOT NULL,
    command TEXT,
    bytes_field TEXT,
    bytes BLOB,
    UNIQUE (scope, request_id)
  );
  CREATE INDEX request_by_time ON request (at_ms);
  CREATE TABLE command (
    request INTEGER NOT NULL REFERENCES request ON DELETE CASCADE,
    simulation_id TEXT NOT NULL,
    done INTEGER NOT NULL,
    progress TEXT NOT NULL,
    PRIMARY KEY (request, simulation_id)
  ) WITHOUT ROWID
`;

/** Version 1 had the whole entry in each command: scope, request_id, simulation_id, at_ms, done, and all of it again in the JSON `entry`. */
const FROM_VERSION_1 = `
  ALTER TABLE command RENAME TO entry;
  ${TABLES};
  INSERT INTO request
    (scope, request_id, fingerprint, at_ms, simulation_ids, simulations, open, command)
    SELECT scope, request_id, max(entry ->> '$.fingerprint'), min(at_ms),
      json_group_array(simulation_id ORDER BY rowid), count(*), sum(1 - done),
      CASE WHEN sum(1 - done) > 0 THEN max(entry -> '$.command') END
    FROM entry GROUP BY scope, request_id ORDER BY min(rowid);
  INSERT INTO command
    SELECT id, simulation_id, done, entry FROM entry JOIN request USING (scope, request_id)
    WHERE done OR entry -> '$.sent' IS NOT NULL;
  DROP TABLE entry
`;

export const JOURNAL_FORMAT: StoreFileFormat = {
  what: 'command journal',
  applicationId: 0x53_68_6f_43,
  version: 2,
  schema: TABLES,
  upgrades: [FROM_VERSION_1],
};
