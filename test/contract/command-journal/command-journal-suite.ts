import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEventId, parseSimulationId, parseWorkerId } from '../../../src/domain/ids.ts';
import type { CommandJournal, JournalledCommand } from '../../../src/ports/command-journal.ts';

export interface OpenJournal {
  readonly journal: CommandJournal;
  /** Moves the wall clock on. */
  pass(ms: number): void;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
export const START_MS = 1_767_225_600_000;

/** What every command journal promises. `open` gives an empty one that keeps 20 entries, with the clock at {@link START_MS}. */
export function describeCommandJournal(name: string, open: () => Promise<OpenJournal>): void {
  describe(name, () => {
    let opened: OpenJournal;
    let journal: CommandJournal;

    beforeEach(async () => {
      opened = await open();
      journal = opened.journal;
    });
    afterEach(() => opened.close());

    test('gives back what was written, every field of it', async () => {
      const entries = [command('a'), under('b'), done('c'), failed('d')];
      await journal.write(entries);
      expect(await journal.list()).toEqual(entries);
    });

    test('replaces what was written of a command before, and keeps its place', async () => {
      await journal.write([command('a'), command('b')]);
      await journal.write([done('a')]);
      expect(await journal.list()).toEqual([done('a'), command('b')]);
    });

    test('knows one request of many simulations, and one id of several callers, apart', async () => {
      const entries = [
        command('a'),
        { ...command('a'), simulationId: parseSimulationId('s-2') },
        { ...command('a'), scope: 'mira ControlSimulation' },
      ];
      await journal.write(entries);
      expect(await journal.list()).toEqual(entries);
      await journal.forget(entries[1] as JournalledCommand);
      expect(await journal.list()).toEqual([entries[0], entries[2]]);
    });

    test('does not mind forgetting what is not there', async () => {
      await expect(journal.forget(command('nobody'))).resolves.toBeUndefined();
    });

    test('lists the oldest first', async () => {
      await journal.write([
        { ...command('later'), atMs: START_MS - 1 },
        { ...command('earlier'), atMs: START_MS - 2 },
      ]);
      expect((await journal.list()).map(({ requestId }) => requestId)).toEqual(['earlier', 'later']);
    });

    test('forgets after an hour', async () => {
      await journal.write([command('old')]);
      opened.pass(HOUR_MS - 1);
      expect(await journal.list()).toHaveLength(1);
      opened.pass(1);
      expect(await journal.list()).toEqual([]);
    });

    test('with too many, forgets those that are done first', async () => {
      await journal.write([under('under-way')]);
      await journal.write(Array.from({ length: 300 }, (_, at) => ({ ...done(`r-${at}`), atMs: START_MS + at })));
      const kept = (await journal.list()).map(({ requestId }) => requestId);
      expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, 'under-way', 'r-299']);
    });
  });
}

export function command(requestId: string): JournalledCommand {
  return {
    scope: 'anonymous ControlSimulation',
    requestId,
    simulationId: parseSimulationId('s-1'),
    fingerprint: `print of ${requestId}`,
    atMs: START_MS,
    command: { name: 'custom', key: 'sim.spawn', payload: Uint8Array.of(0, 255), contentType: '' },
  };
}

function under(requestId: string): JournalledCommand {
  const sent = { commandId: parseEventId(`c-${requestId}`), workerId: parseWorkerId('w-1'), incarnation: 2 };
  return { ...command(requestId), command: { name: 'step', ticks: 2n ** 64n - 1n }, sent };
}

function done(requestId: string): JournalledCommand {
  const { command: _, ...entry } = under(requestId);
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
  return {
    ...entry,
    result: { answer: { commandId, state: 'PAUSED', phase: 'APPLIED', completed: true, tick: 7n, outcome } },
  };
}

function failed(requestId: string): JournalledCommand {
  return { ...under(requestId), result: { error: { code: 'WORKER_UNREACHABLE', message: 'exited 3' } } };
}
