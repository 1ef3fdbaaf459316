import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { InMemoryCommandJournal } from '../../../src/adapters/memory/in-memory-command-journal.ts';
import { SqliteCommandJournal } from '../../../src/adapters/sqlite/sqlite-command-journal.ts';
import { toExactJson } from '../../../src/domain/exact-json.ts';
import { parseEventId, parseSimulationId, parseWorkerId, type SimulationId } from '../../../src/domain/ids.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { describeCommandJournal, request, START_MS, unsent } from './command-journal-suite.ts';

describeCommandJournal('in-memory command journal', async () => {
  let now = START_MS;
  return {
    journal: new InMemoryCommandJournal({ maxCommands: 20, nowMs: () => now }),
    pass: (ms) => {
      now += ms;
    },
    close: async () => {},
  };
});

describeCommandJournal('sqlite command journal', async () => {
  let now = START_MS;
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const journal = open(folder, () => now);
  await journal.start();
  return {
    journal,
    pass: (ms) => {
      now += ms;
    },
    async close() {
      await journal.stop();
      rmSync(folder, { recursive: true });
    },
  };
});

test('an sqlite command journal is read by the next daemon, and refuses once it is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const first = open(folder, () => START_MS);
  await first.start();
  await first.write(request('a'));
  await first.stop();
  await expect(first.write(request('b'))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  const second = open(folder, () => START_MS);
  await second.start();
  expect(await second.list()).toEqual([unsent('a')]);
  await second.stop();
  rmSync(folder, { recursive: true });
});

test('an sqlite command journal reads what a Shoal of before had written, and goes on with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  {
    using database = new DatabaseSync(join(folder, 'commands.db'));
    database.exec(VERSION_1);
    const put = database.prepare('INSERT INTO command VALUES (?, ?, ?, ?, ?, ?)');
    const { scope, requestId, fingerprint, atMs } = request('many');
    const command = { name: 'custom', key: 'sim.spawn', payload: Uint8Array.of(0, 255), contentType: '' } as const;
    const sent = { commandId: parseEventId('c-1'), workerId: parseWorkerId('w-1'), incarnation: 2 };
    const result = { error: { code: 'WORKER_UNREACHABLE', message: 'exited 3' } } as const;
    const ids = ['s-3', 's-1', 's-2'].map((id) => parseSimulationId(id));
    const entries = [{ sent, result }, { command, sent }, { command }];
    for (const [at, more] of entries.entries()) {
      const simulationId = ids[at] as SimulationId;
      const entry = { scope, requestId, simulationId, fingerprint, atMs, ...more };
      put.run(scope, requestId, simulationId, atMs, 'result' in more ? 1 : 0, toExactJson(entry));
    }
    const over = { ...request('over'), simulationId: ids[0], sent, result, command: undefined };
    put.run(scope, 'over', 's-3', atMs, 1, toExactJson(over));
    database.close();
    const journal = open(folder, () => START_MS);
    await journal.start();
    const many = { scope, requestId, fingerprint, atMs, simulationIds: ids, command };
    const [first, second] = await journal.list();
    expect(first).toEqual({
      request: many,
      progress: expect.arrayContaining([
        { simulationId: 's-3', sent, result },
        { simulationId: 's-1', sent },
      ]),
    });
    expect(second?.request).not.toHaveProperty('command');
    expect(second?.progress).toEqual([{ simulationId: 's-3', sent, result }]);
    for (const simulationId of ids) await journal.write(many, { simulationId, sent, result });
    expect((await journal.list())[0]?.request).not.toHaveProperty('command');
    await journal.stop();
  }
  rmSync(folder, { recursive: true });
});

test('an sqlite command journal writes a large command once, however many simulations it is for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const journal = open(folder, () => START_MS, 20_000);
  await journal.start();
  const payload = Buffer.alloc(1_000_000);
  const command = { name: 'custom', key: 'sim.spawn', payload, contentType: '' } as const;
  const simulationIds = Array.from({ length: 150 }, (_, at) => parseSimulationId(`s-${at}`));
  const many = { ...request('many'), simulationIds, command };
  await journal.write(many);
  const sent = { commandId: parseEventId('c-1'), incarnation: 1 };
  for (const simulationId of simulationIds) await journal.write(many, { simulationId, sent });
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(8_000_000);
  await journal.stop();
  rmSync(folder, { recursive: true });
});

test('an sqlite command journal lets the event loop turn between the writes of thousands at once, and has all of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const journal = open(folder, () => START_MS, 20_000);
  await journal.start();
  const simulationIds = Array.from({ length: 2_000 }, (_, at) => parseSimulationId(`s-${at}`));
  const many = { ...request('many'), simulationIds };
  const sent = { commandId: parseEventId('c-1'), incarnation: 1 };
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  await Promise.all(simulationIds.map((simulationId) => journal.write(many, { simulationId, sent })));
  isOver = true;
  expect(turns).toBeGreaterThan(10);
  const written = journal.write(many, { simulationId: simulationIds[0] as SimulationId, sent });
  await Promise.all([written, journal.stop()]);
  const next = open(folder, () => START_MS, 20_000);
  await next.start();
  expect((await next.list())[0]?.progress).toHaveLength(2_000);
  await next.stop();
  rmSync(folder, { recursive: true });
});

/** As Shoal made it until the command stood once for each request. */
const VERSION_1 = `
  PRAGMA application_id = ${0x53_68_6f_43};
  PRAGMA user_version = 1;
  CREATE TABLE command (
    scope TEXT NOT NULL,
    request_id TEXT NOT NULL,
    simulation_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    done INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (scope, request_id, simulation_id)
  );
  CREATE INDEX command_by_time ON command (at_ms)
`;

function open(folder: string, nowMs: () => number, maxCommands = 20): SqliteCommandJournal {
  const file = join(folder, 'commands.db');
  return new SqliteCommandJournal({ file, durability: 'acknowledged', log: new RecordingLog(), maxCommands, nowMs });
}
