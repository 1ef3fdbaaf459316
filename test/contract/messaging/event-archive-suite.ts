import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEventId, parseEventTypeKey, parseSimulationId } from '../../../src/domain/ids.ts';
import type { EventArchive, LogReader, ReadRequest, StoredEntry } from '../../../src/ports/event-archive.ts';
import type { EventLog, LogEntry } from '../../../src/ports/event-log.ts';
import { Dice } from '../../support/fakes/dice.ts';
import { envelope, readEnvelope } from '../../support/fakes/messages.ts';

export interface OpenArchive {
  /** The writing side of the same log. */
  readonly log: EventLog;
  readonly archive: EventArchive;
  /** Stops log and archive, as the daemon does. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const WORLD = 'sim.world_state.v1';

/** An entry whose bytes are the envelope that a worker would have reported. */
export function loggedEvent(simulation: string, event: string, key = WORLD, payload = ''): LogEntry {
  const eventPayload = Buffer.from(payload);
  return {
    simulationId: parseSimulationId(simulation),
    eventTypeKey: parseEventTypeKey(key),
    eventId: parseEventId(event),
    bytes: envelope({ eventId: event, eventTypeKey: key, simulationId: simulation, eventPayload }),
  };
}

export function eventIds(entries: readonly StoredEntry[]): string[] {
  return entries.map(({ bytes }) => readEnvelope(bytes).eventId);
}

/** Every page up to the end of the log. */
export async function readToEnd(reader: LogReader): Promise<StoredEntry[]> {
  const { signal } = new AbortController();
  const entries: StoredEntry[] = [];
  for (;;) {
    const page = await reader.next({ wait: false, signal });
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

/** Pages as they come, until there are so many entries. */
export async function readCount(reader: LogReader, count: number): Promise<StoredEntry[]> {
  const { signal } = new AbortController();
  const entries: StoredEntry[] = [];
  while (entries.length < count) entries.push(...(await reader.next({ wait: true, signal })));
  return entries;
}

/** What every archive of a log promises. `open` gives one that is started, with an empty log. */
export function describeEventArchive(name: string, open: () => Promise<OpenArchive>): void {
  describe(name, () => {
    let opened: OpenArchive;
    let log: EventLog;
    let archive: EventArchive;
    const running = new AbortController();

    beforeEach(async () => {
      opened = await open();
      ({ log, archive } = opened);
    });
    afterEach(() => opened.close());

    /** What a reader with this request finds in the log as it is. */
    async function read(request: Partial<ReadRequest> = {}): Promise<StoredEntry[]> {
      const reader = await archive.open({ from: { sequence: 1 }, ...request });
      const entries = await readToEnd(reader);
      await reader.close();
      return entries;
    }

    const idsOf = async (request: Partial<ReadRequest>): Promise<string[]> => eventIds(await read(request));

    test('an entry keeps its running sequence, and has 0 where it came without one', async () => {
      await log.append([{ ...loggedEvent('s1', 'e1'), simulationSequence: 1 }, loggedEvent('s1', 'e2')]);
      await log.append([{ ...loggedEvent('s1', 'e3'), simulationSequence: 5_000_000_000 }]);
      const stored = await readToEnd(await archive.open({ from: { sequence: 1 } }));
      expect(stored.map(({ simulationSequence }) => simulationSequence)).toEqual([1, 0, 5_000_000_000]);
    });

    test('gives each entry once, in order, as it was appended', async () => {
      const before = Date.now();
      const appended = [loggedEvent('s1', 'e1', WORLD, 'é\0'), loggedEvent('s2', 'e1', 'a.b'), loggedEvent('s1', 'e2')];
      const { lastSequence } = await log.append(appended);
      const entries = await read();
      expect(entries.map(({ simulationId, eventTypeKey }) => [simulationId, eventTypeKey])).toEqual([
        ['s1', WORLD],
        ['s2', 'a.b'],
        ['s1', WORLD],
      ]);
      expect(entries.map(({ bytes }) => Buffer.from(bytes))).toEqual(appended.map(({ bytes }) => Buffer.from(bytes)));
      const sequences = entries.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
      expect(sequences.at(-1)).toBe(lastSequence);
      for (const { timeMs } of entries) {
        expect(Number.isInteger(timeMs)).toBe(true);
        expect(Math.abs(timeMs - before)).toBeLessThan(10_000);
      }
    });

    test('an event that was appended twice is read once', async () => {
      await log.append([loggedEvent('s1', 'e1'), loggedEvent('s1', 'e1')]);
      await log.append([loggedEvent('s1', 'e1'), loggedEvent('s1', 'e2')]);
      expect(await idsOf({})).toEqual(['e1', 'e2']);
    });

    test('begins at a sequence, inclusive; before the first it is the first', async () => {
      await log.append(['e1', 'e2', 'e3', 'e4'].map((id) => loggedEvent('s1', id)));
      const third = (await read())[2]?.sequence ?? 0;
      expect(await idsOf({ from: { sequence: third } })).toEqual(['e3', 'e4']);
      expect(await idsOf({ from: { sequence: 0 } })).toEqual(['e1', 'e2', 'e3', 'e4']);
    });

    test('a sequence that is not there yet is waited for', async () => {
      const { lastSequence } = await log.append([loggedEvent('s1', 'e1')]);
      const reader = await archive.open({ from: { sequence: lastSequence + 3 } });
      expect(await readToEnd(reader)).toEqual([]);
      await log.append(['e2', 'e3', 'e4', 'e5'].map((id) => loggedEvent('s1', id)));
      expect(eventIds(await readCount(reader, 2))).toEqual(['e4', 'e5']);
      await reader.close();
    });

    test('begins at a time, inclusive', async () => {
      await log.append([loggedEvent('s1', 'e1'), loggedEvent('s1', 'e2')]);
      const early = (await read()).at(-1)?.timeMs ?? 0;
      while (Date.now() <= early + 1) await new Promise((resolve) => setTimeout(resolve, 1));
      await log.append([loggedEvent('s1', 'e3'), loggedEvent('s1', 'e4')]);
      const later = (await read())[2]?.timeMs ?? 0;
      expect(later).toBeGreaterThan(early);
      expect(await idsOf({ from: { timeMs: later } })).toEqual(['e3', 'e4']);
      expect(await idsOf({ from: { timeMs: early + 1 } })).toEqual(['e3', 'e4']);
      expect(await idsOf({ from: { timeMs: 0 } })).toEqual(['e1', 'e2', 'e3', 'e4']);
      expect(await idsOf({ from: { timeMs: Date.now() + 3_600_000 } })).toEqual([]);
    });

    test('from the end it gives what is appended once open has resolved, and nothing before', async () => {
      await log.append([loggedEvent('s1', 'e1')]);
      const reader = await archive.open({ from: 'end' });
      await log.append([loggedEvent('s1', 'e2')]);
      expect(eventIds(await readToEnd(reader))).toEqual(['e2']);
      await reader.close();
    });

    test('from the end of a log that is empty', async () => {
      const reader = await archive.open({ from: 'end' });
      expect(await readToEnd(reader)).toEqual([]);
      await log.append([loggedEvent('s1', 'e1')]);
      expect(eventIds(await readCount(reader, 1))).toEqual(['e1']);
      await reader.close();
    });

    test.each<[Pick<ReadRequest, 'simulationIds' | 'eventTypeKeys'>, string[]]>([
      [{ simulationIds: [parseSimulationId('s1')] }, ['1', '2', '3', '4']],
      [{ simulationIds: [parseSimulationId('s2'), parseSimulationId('s3')] }, ['5', '6', '7']],
      [{ simulationIds: [parseSimulationId('nobody')] }, []],
      [{ eventTypeKeys: ['sim.a.v1'] }, ['1', '5']],
      [{ eventTypeKeys: ['sim.*.v1'] }, ['1', '2', '5', '7']],
      [{ eventTypeKeys: ['sim.>'] }, ['1', '2', '3', '5', '6', '7']],
      [{ eventTypeKeys: ['>'] }, ['1', '2', '3', '4', '5', '6', '7']],
      [{ eventTypeKeys: ['*'] }, []],
      [{ eventTypeKeys: ['sim.a.v1', 'sim.*.v1', 'reef.>'] }, ['1', '2', '4', '5', '7']],
      [{ eventTypeKeys: ['sim.a.v2', 'other'] }, ['3']],
      [{ eventTypeKeys: ['a$b', 'sim.b.v1'] }, ['2', '7']],
      [{ eventTypeKeys: ['a$b'] }, []],
      [{ simulationIds: [parseSimulationId('s1')], eventTypeKeys: ['sim.*.v1', 'reef.*.*'] }, ['1', '2', '4']],
      [{ simulationIds: [parseSimulationId('s1'), parseSimulationId('s3')], eventTypeKeys: ['sim.b.>'] }, ['2', '7']],
    ])('%j chooses what it should', async (request, wanted) => {
      const events: [simulation: string, key: string][] = [
        ['s1', 'sim.a.v1'],
        ['s1', 'sim.b.v1'],
        ['s1', 'sim.a.v2'],
        ['s1', 'reef.deep.down'],
        ['s2', 'sim.a.v1'],
        ['s2', 'sim.c.d.v1'],
        ['s3', 'sim.b.v1'],
      ];
      await log.append(events.map(([simulation, key], at) => loggedEvent(simulation, String(at + 1), key)));
      expect(await idsOf(request)).toEqual(wanted);
      const reader = await archive.open({ from: 'end', ...request });
      await log.append(events.map(([simulation, key], at) => loggedEvent(simulation, `again-${at + 1}`, key)));
      expect(eventIds(await readToEnd(reader))).toEqual(wanted.map((id) => `again-${id}`));
      await reader.close();
    });

    test('to the end is to what was appended last, however lately', async () => {
      for (let round = 0; round < 300; round += 1) {
        const reader = await archive.open({ from: 'end', eventTypeKeys: ['sim.a.v1', 'sim.b.v1'] });
        const ids = Array.from({ length: 16 }, (_, nth) => `${round}-${nth}`);
        await log.append(ids.map((id, nth) => loggedEvent('s1', id, nth === 15 ? 'sim.b.v1' : 'other')));
        expect(eventIds(await readToEnd(reader))).toEqual([`${round}-15`]);
        await reader.close();
      }
    });

    test('with wait it resolves when there is more, of what was asked for', async () => {
      const reader = await archive.open({ from: { sequence: 1 }, eventTypeKeys: ['wanted'] });
      let pages = 0;
      const page = reader.next({ wait: true, signal: running.signal }).finally(() => {
        pages += 1;
      });
      await log.append([loggedEvent('s1', 'e1', 'other')]);
      await log.append([loggedEvent('s2', 'e2', 'other')]);
      expect(pages).toBe(0);
      await log.append([loggedEvent('s1', 'e3', 'wanted')]);
      expect(eventIds(await page)).toEqual(['e3']);
      await reader.close();
    });

    test('waiting ends with the reason of the signal when it aborts', async () => {
      const reader = await archive.open({ from: 'end' });
      const stopping = new AbortController();
      const page = reader.next({ wait: true, signal: stopping.signal });
      stopping.abort(new Error('gone'));
      await expect(page).rejects.toThrow('gone');
      await reader.close();
    });

    test('a signal that has aborted already ends the call at once', async () => {
      await log.append([loggedEvent('s1', 'e1')]);
      const reader = await archive.open({ from: { sequence: 1 } });
      await expect(reader.next({ wait: false, signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
      await reader.close();
      await reader.close();
    });

    test('pages are bounded in number', async () => {
      const all = Array.from({ length: 3_000 }, (_, at) => loggedEvent('s1', `e${at}`));
      await log.append(all);
      const reader = await archive.open({ from: { sequence: 1 } });
      const seen: string[] = [];
      while (seen.length < all.length) {
        const page = await reader.next({ wait: true, signal: running.signal });
        expect(page.length).toBeGreaterThan(0);
        expect(page.length).toBeLessThanOrEqual(1_000);
        seen.push(...eventIds(page));
      }
      expect(seen).toEqual(all.map(({ eventId }) => eventId));
      await reader.close();
    });

    test('pages are bounded in bytes, but for one entry', async () => {
      const payload = 'x'.repeat(300_000);
      await log.append(Array.from({ length: 20 }, (_, at) => loggedEvent('s1', `e${at}`, WORLD, payload)));
      const reader = await archive.open({ from: { sequence: 1 } });
      let count = 0;
      while (count < 20) {
        const page = await reader.next({ wait: true, signal: running.signal });
        expect(page.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(2 * 1024 * 1024);
        count += page.length;
      }
      await reader.close();
    });

    test('readers that come and read while appends go on see no gap and no repeat', async () => {
      const dice = new Dice(7);
      const batches = Array.from({ length: 120 }, (_, batch) =>
        Array.from({ length: 25 }, (_, at) =>
          loggedEvent(`s${(batch + at) % 4}`, `e${batch}-${at}`, at % 3 === 0 ? 'sim.rare.v1' : WORLD),
        ),
      );
      const all = batches.flat();
      const requests: Pick<ReadRequest, 'simulationIds' | 'eventTypeKeys'>[] = [
        {},
        { simulationIds: [parseSimulationId('s2')] },
        { eventTypeKeys: ['sim.rare.*'] },
        { simulationIds: [parseSimulationId('s0'), parseSimulationId('s3')], eventTypeKeys: ['sim.world_state.>'] },
      ];
      const wanted = ({ simulationIds, eventTypeKeys }: (typeof requests)[number]) =>
        all
          .filter(({ simulationId }) => simulationIds?.includes(simulationId) ?? true)
          .filter(
            ({ eventTypeKey: key }) =>
              eventTypeKeys === undefined || (key === WORLD) === /world/.test(`${eventTypeKeys}`),
          )
          .map(({ eventId }) => eventId);
      const readings = requests.map(async (request) => {
        const reader = await archive.open({ from: { sequence: 1 }, ...request });
        const entries = await readCount(reader, wanted(request).length);
        await reader.close();
        return eventIds(entries);
      });
      for (const batch of batches) {
        const appended = log.append(batch);
        if (dice.chance(0.3)) await appended;
      }
      const seen = await Promise.all(readings);
      for (const [at, request] of requests.entries()) expect(new Set(seen[at])).toEqual(new Set(wanted(request)));
      for (const [at, request] of requests.entries()) expect(seen[at]).toEqual(wanted(request));
    });

    test('lastSequence is 0 at first, then that of the latest entry', async () => {
      expect(await archive.lastSequence()).toBe(0);
      const { lastSequence } = await log.append([loggedEvent('s1', 'e1'), loggedEvent('s2', 'e2')]);
      expect(lastSequence).toBeGreaterThan(0);
      expect(await archive.lastSequence()).toBe(lastSequence);
    });

    test('holds tells whether an event of the simulation is kept, remove forgets them all', async () => {
      const [s1, s10, other] = ['s1', 's10', 'other'].map((id) => parseSimulationId(id)) as [never, never, never];
      await log.append([loggedEvent('s1', 'e1', 'a.b.c'), loggedEvent('s10', 'e1'), loggedEvent('s1', 'e2')]);
      const { lastSequence } = await log.append([loggedEvent('s1', 'e3', 'x')]);
      expect([await archive.holds(s1), await archive.holds(s10), await archive.holds(other)]).toEqual([
        true,
        true,
        false,
      ]);
      await archive.remove(s1);
      await archive.remove(other);
      expect([await archive.holds(s1), await archive.holds(s10)]).toEqual([false, true]);
      expect((await read()).map(({ simulationId }) => simulationId)).toEqual(['s10']);
      expect(await archive.lastSequence()).toBe(lastSequence);
      await log.append([loggedEvent('s1', 'e4')]);
      expect(await idsOf({ simulationIds: [s1] })).toEqual(['e4']);
    });

    test('remove finds done what another did meanwhile', async () => {
      await log.append(Array.from({ length: 20 }, (_, at) => loggedEvent(`s${at % 2}`, `e${at}`)));
      const s1 = parseSimulationId('s1');
      await Promise.all([archive.remove(s1), archive.remove(s1), archive.remove(s1)]);
      await archive.remove(s1);
      expect([await archive.holds(s1), await archive.holds(parseSimulationId('s0'))]).toEqual([false, true]);
    });

    test('a reader whose simulation is removed goes on with what comes', async () => {
      await log.append([loggedEvent('s1', 'e1'), loggedEvent('s1', 'e2'), loggedEvent('s2', 'e1')]);
      const reader = await archive.open({ from: { sequence: 1 } });
      await archive.remove(parseSimulationId('s1'));
      await log.append([loggedEvent('s2', 'e2')]);
      expect((await readCount(reader, 2)).map(({ simulationId }) => simulationId)).toEqual(['s2', 's2']);
      await reader.close();
    });

    test('after stop, waiting and reading end with SHUTTING_DOWN', async () => {
      await log.append([loggedEvent('s1', 'e1')]);
      const waiting = await archive.open({ from: 'end' });
      const reading = await archive.open({ from: { sequence: 1 } });
      const page = waiting.next({ wait: true, signal: running.signal });
      const ended = expect(page).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
      await opened.stop();
      await ended;
      await expect(reading.next({ wait: false, signal: running.signal })).rejects.toMatchObject({
        code: 'SHUTTING_DOWN',
      });
      await Promise.all([waiting.close(), reading.close()]);
    });
  });
}
