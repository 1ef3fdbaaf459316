import type { StatementSync } from 'node:sqlite';
import { fromExactJson, toExactJson } from '../../domain/exact-json.ts';
import type { SimulationId } from '../../domain/ids.ts';
import { REQUEST_KEPT_MS } from '../../domain/simulation/request-memory.ts';
import type {
  CommandJournal,
  CommandProgress,
  JournalledRequest,
  JournalRecord,
  RequestKey,
} from '../../ports/command-journal.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { type CommandColumns, fromColumns, toColumns } from './command-columns.ts';
import { JOURNAL_FORMAT } from './command-journal-format.ts';
import { GroupedWrites } from './grouped-writes.ts';
import type { Database } from './sqlite.ts';
import { Store, type StoreOptions } from './store.ts';

const MAX_COMMANDS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Between two looks at what is too old or too much. */
const WRITES_BETWEEN_SWEEPS = 256;
const BYTES_BETWEEN_SWEEPS = 8 * 1024 * 1024;

export interface SqliteCommandJournalOptions extends StoreOptions {
  /** By the wall clock. Default: that of the system. */
  readonly nowMs?: () => number;
  /** Of simulations, over all requests. Default 20,000. */
  readonly maxCommands?: number;
}

interface RequestRow extends Omit<CommandColumns, 'command'> {
  readonly id: number;
  readonly scope: string;
  readonly requestId: string;
  readonly fingerprint: string;
  readonly atMs: number;
  readonly simulationIds: string;
  readonly command: string | null;
}

/** The command journal as an SQLite file. */
export class SqliteCommandJournal implements CommandJournal, ManagedPart {
  readonly name = 'sqlite command journal';
  readonly #options: SqliteCommandJournalOptions;
  readonly #store: Store<Statements>;
  readonly #grouped: GroupedWrites<Statements>;
  #writes = 0;
  #bytes = 0;

  constructor(options: SqliteCommandJournalOptions) {
    this.#options = options;
    this.#store = new Store(JOURNAL_FORMAT, options, prepare);
    this.#grouped = new GroupedWrites(this.#store);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE */
  async start(): Promise<void> {
    this.#store.open();
  }

  async stop(): Promise<void> {
    await this.#grouped.drained();
    this.#store.close();
  }

  async write(request: JournalledRequest, progress?: CommandProgress): Promise<void> {
    await this.#grouped.write((statements) => {
      const found = statements.find.get(request.scope, request.requestId);
      const id = Number(found?.['id'] ?? this.#add(statements, request));
      if (progress !== undefined) this.#note(statements, id, progress);
      this.#writes += 1;
      if (this.#writes >= WRITES_BETWEEN_SWEEPS || this.#bytes >= BYTES_BETWEEN_SWEEPS) this.#sweep(statements);
    });
  }

  async forget({ scope, requestId }: RequestKey): Promise<void> {
    await this.#grouped.write(({ remove }) => void remove.run(scope, requestId));
  }

  async list(): Promise<readonly JournalRecord[]> {
    return this.#store.write((statements) => {
      this.#sweep(statements);
      return statements.list.all().map((row) => {
        const found = row as unknown as RequestRow;
        return { request: requestOf(found), progress: statements.progress.all(found.id).map(progressOf) };
      });
    });
  }

  #add({ add }: Statements, { scope, requestId, fingerprint, atMs, simulationIds, command }: JournalledRequest) {
    const ids = JSON.stringify(simulationIds);
    const count = simulationIds.length;
    const columns = command === undefined ? undefined : toColumns(command);
    const { command: text = null, bytesField = null, bytes = null } = columns ?? {};
    this.#bytes += ids.length + (text?.length ?? 0) + (bytes?.length ?? 0);
    return add.run(scope, requestId, fingerprint, atMs, ids, count, count, text, bytesField, bytes).lastInsertRowid;
  }

  #note({ isDone, put, done }: Statements, id: number, { simulationId, sent, result }: CommandProgress): void {
    const text = toExactJson({ sent, result });
    const wasDone = isDone.get(id, simulationId)?.['done'] === 1;
    put.run(id, simulationId, result === undefined ? 0 : 1, text);
    if (result !== undefined && !wasDone) done.run(id);
    this.#bytes += text.length;
  }

  #sweep({ removeUntil, surplus }: Statements): void {
    const { nowMs = Date.now, maxCommands = MAX_COMMANDS } = this.#options;
    this.#writes = 0;
    this.#bytes = 0;
    removeUntil.run(nowMs() - REQUEST_KEPT_MS);
    surplus.run(maxCommands, MAX_BYTES);
  }
}

function requestOf({ simulationIds, command, bytesField, bytes, id: _, ...request }: RequestRow): JournalledRequest {
  const ids: SimulationId[] = JSON.parse(simulationIds);
  if (command === null) return { ...request, simulationIds: ids };
  return { ...request, simulationIds: ids, command: fromColumns({ command, bytesField, bytes }) };
}

function progressOf({ simulationId, progress }: Record<string, unknown>): CommandProgress {
  const { sent, result } = fromExactJson(String(progress)) as CommandProgress;
  return { simulationId: simulationId as SimulationId, ...(sent && { sent }), ...(result && { result }) };
}

interface Statements {
  readonly find: StatementSync;
  readonly add: StatementSync;
  readonly isDone: StatementSync;
  readonly put: StatementSync;
  readonly done: StatementSync;
  readonly remove: StatementSync;
  readonly list: StatementSync;
  readonly progress: StatementSync;
  readonly removeUntil: StatementSync;
  readonly surplus: StatementSync;
}

function prepare(database: Database): Statements {
  return {
    find: database.prepare('SELECT id FROM request WHERE scope = ? AND request_id = ?'),
    add: database.prepare('INSERT INTO request VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    isDone: database.prepare('SELECT done FROM command WHERE request = ? AND simulation_id = ?'),
    put: database.prepare('INSERT OR REPLACE INTO command VALUES (?, ?, ?, ?)'),
    // The command itself is needed until it is done for all of them.
    done: database.prepare(`
      UPDATE request SET open = open - 1,
        command = CASE WHEN open > 1 THEN command END,
        bytes = CASE WHEN open > 1 THEN bytes END
      WHERE id = ?
    `),
    remove: database.prepare('DELETE FROM request WHERE scope = ? AND request_id = ?'),
    list: database.prepare(`
      SELECT id, scope, request_id AS requestId, fingerprint, at_ms AS atMs, simulation_ids AS simulationIds,
        command, bytes_field AS bytesField, bytes
      FROM request ORDER BY at_ms, id
    `),
    progress: database.prepare('SELECT simulation_id AS simulationId, progress FROM command WHERE request = ?'),
    removeUntil: database.prepare('DELETE FROM request WHERE at_ms <= ?'),
    // What is kept: those under way before those that are done, and of each the latest first.
    surplus: database.prepare(`
      DELETE FROM request WHERE id IN (
        SELECT id FROM (
          SELECT id, sum(simulations) OVER kept AS commands, sum(size) OVER kept AS bytes FROM (
            SELECT id, open = 0 AS done, at_ms, simulations,
              octet_length(simulation_ids) + ifnull(octet_length(request.command), 0) + ifnull(octet_length(bytes), 0)
                + ifnull((SELECT sum(octet_length(progress)) FROM command WHERE request = request.id), 0) AS size
            FROM request
          ) WINDOW kept AS (ORDER BY done, at_ms DESC, id DESC ROWS UNBOUNDED PRECEDING)
        ) WHERE commands > ? OR bytes > ?
      )
    `),
  };
}
