import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEventId, parseSimulationId, parseWorkerId } from '../../../src/domain/ids.ts';
import type {
  CommandJournal,
  CommandResult,
  JournalledRequest,
  JournalRecord,
} from '../../../src/ports/command-journal.ts';

export interface OpenJournal {
  readonly journal: CommandJournal;
  /** Moves the wall clock on. */
  pass(ms: number): void;
  close(): Promise<void>;
}

const ID = parseSimulationId('s-1');
const HOUR_MS = 3_600_000;
export const START_MS = 1_767_225_600_000;

/** What every command journal promises. `open` gives an empty one that keeps 20 commands, with the clock at {@link START_MS}. */
export function describeCommandJournal(name: string, open: () => Promise<OpenJournal>): void {
  describe(name, () => {
    let opened: OpenJournal;
    let journal: CommandJournal;

    beforeEach(async () => {
      opened = await open();
      journal = opened.journal;
    });
    afterEach(() => opened.close());

    const list = () => journal.list();
    const write = async (...records: readonly JournalRecord[]): Promise<void> => {
      for (const { request, progress } of records) {
        await journal.write(request);
        for (const each of progress) await journal.write(request, each);
      }
    };

    test('gives back what was written, every field of it', async () => {
      const records = [unsent('a'), under('b'), failed('c')];
      await write(...records);
      expect(await list()).toEqual([unsent('a'), under('b'), withoutCommand(failed('c'))]);
    });

    test.each([
      ['custom', { name: 'custom', key: 'sim.spawn', payload: Uint8Array.of(0, 255), contentType: 'a/b' }],
      ['an action', { name: 'agent_action', agentId: 'a', action: new Uint8Array(), contentType: '' }],
      ['a step', { name: 'step', ticks: 2n ** 64n - 1n }],
      ['a reset', { name: 'reset', seed: 1n, config: { depth: [1, { text: 'é' }] } }],
    ] as const)('gives back the command of %s', async (_what, command) => {
      await journal.write({ ...request('a'), command });
      expect((await list()).map((record) => record.request.command)).toEqual([command]);
    });

    test('writes the first progress with its request, and replaces what was written of a simulation before', async () => {
      const [progress] = under('a').progress;
      await journal.write(request('a'), progress);
      await journal.write(request('b'));
      await journal.write(request('a'), done('a').progress[0]);
      expect(await list()).toEqual([withoutCommand(done('a')), unsent('b')]);
    });

    test('keeps the command of a request for many until it is done for all, and their order', async () => {
      const many = { ...request('many'), simulationIds: ['s-2', 's-1', 's-3'].map((id) => parseSimulationId(id)) };
      await journal.write(many);
      const [result] = done('many').progress;
      const doneFor = many.simulationIds.map((simulationId) => ({ ...result, simulationId }));
      for (const each of doneFor.slice(1)) await journal.write(many, each);
      // Twice is once.
      await journal.write(many, doneFor[1]);
      expect((await list())[0]).toMatchObject({ request: many, progress: { length: 2 } });
      await journal.write(many, doneFor[0]);
      const [record] = await list();
      expect(record?.request).toEqual(withoutCommand({ request: many, progress: [] }).request);
      expect(record?.progress).toHaveLength(3);
    });

    test('knows one id of several callers apart', async () => {
      const another = { ...request('a'), scope: 'mira ControlSimulation' };
      await write(unsent('a'), { request: another, progress: [] });
      expect(await list()).toEqual([unsent('a'), { request: another, progress: [] }]);
      await journal.forget(request('a'));
      expect(await list()).toEqual([{ request: another, progress: [] }]);
    });

    test('forgets a request with its progress, and does not mind forgetting what is not there', async () => {
      await write(under('a'));
      await journal.forget(request('a'));
      await journal.forget(request('a'));
      await journal.write(request('a'));
      expect(await list()).toEqual([unsent('a')]);
    });

    test('lists the oldest first', async () => {
      await journal.write({ ...request('later'), atMs: START_MS - 1 });
      await journal.write({ ...request('earlier'), atMs: START_MS - 2 });
      expect((await list()).map((record) => record.request.requestId)).toEqual(['earlier', 'later']);
    });

    test('forgets after an hour', async () => {
      await journal.write(request('old'));
      opened.pass(HOUR_MS - 1);
      expect(await list()).toHaveLength(1);
      opened.pass(1);
      expect(await list()).toEqual([]);
    });

    test('with too many, forgets those that are done first', async () => {
      await write(under('under-way'));
      for (let at = 0; at < 300; at += 1) {
        const record = done(`r-${at}`);
        await write({ ...record, request: { ...record.request, atMs: START_MS + at } });
      }
      const kept = (await list()).map((record) => record.request.requestId);
      expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, 'under-way', 'r-299']);
    });
  });
}

export function request(requestId: string): JournalledRequest {
  return {
    scope: 'anonymous ControlSimulation',
    requestId,
    simulationIds: [ID],
    fingerprint: `print of ${requestId}`,
    atMs: START_MS,
    command: { name: 'pause' },
  };
}

export function unsent(requestId: string): JournalRecord {
  return { request: request(requestId), progress: [] };
}

function under(requestId: string): JournalRecord {
  const sent = { commandId: parseEventId(`c-${requestId}`), workerId: parseWorkerId('w-1'), incarnation: 2 };
  return { request: request(requestId), progress: [{ simulationId: ID, sent }] };
}

function done(requestId: string): JournalRecord {
  const outcome = {
    ok: true,
    message: 'é',
    tick: 7n,
    code: 0,
    result: Uint8Array.of(1, 2),
    resultContentType: 'text/plain',
    snapshotRef: '',
  };
  const commandId = parseEventId(`c-${requestId}`);
  const answer = { commandId, state: 'PAUSED', phase: 'APPLIED', completed: true, tick: 7n, outcome } as const;
  return withResult(under(requestId), { answer });
}

function failed(requestId: string): JournalRecord {
  return withResult(under(requestId), { error: { code: 'WORKER_UNREACHABLE', message: 'exited 3' } });
}

function withResult(record: JournalRecord, result: CommandResult): JournalRecord {
  return { ...record, progress: record.progress.map((progress) => ({ ...progress, result })) };
}

/** What is left once it is done. */
function withoutCommand({ request: { command: _, ...rest }, progress }: JournalRecord): JournalRecord {
  return { request: rest, progress };
}
