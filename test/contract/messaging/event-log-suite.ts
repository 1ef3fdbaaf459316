import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { batches, entry, idsBySimulation, type StoredEvent } from './log-entries.ts';

export interface OpenLog {
  readonly log: EventLog & { stop(): Promise<void> };
  /** More than one entry may hold. */
  readonly tooManyBytes: number;
  /** All that is stored, in order. */
  stored(): Promise<StoredEvent[]>;
  close(): Promise<void>;
}

/** What every event log promises. `open` gives one that is started and empty. */
export function describeEventLog(name: string, open: () => Promise<OpenLog>): void {
  describe(name, () => {
    let opened: OpenLog;
    let log: OpenLog['log'];

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
    });
    afterEach(() => opened.close());

    test('appended entries are stored in order, bytes unchanged, and the receipt names the last sequence', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      const first = await log.append([entry('s1', 'e1', bytes), entry('s1', 'e2')]);
      const second = await log.append([entry('s1', 'e3')]);
      const stored = await opened.stored();
      expect(stored.map(({ eventId }) => eventId)).toEqual(['e1', 'e2', 'e3']);
      expect([...(stored[0]?.bytes ?? [])]).toEqual([...bytes]);
      expect(first).toEqual({
        firstSequence: stored[0]?.sequence,
        lastSequence: stored[1]?.sequence,
        rejected: [],
        duplicates: [],
      });
      expect(second).toMatchObject({ firstSequence: stored[2]?.sequence, lastSequence: stored[2]?.sequence });
    });

    test('the same event id in two simulations is two events', async () => {
      await log.append([entry('s1', 'e1'), entry('s2', 'e1')]);
      expect(idsBySimulation(await opened.stored())).toEqual({ s1: ['e1'], s2: ['e1'] });
    });

    test('an event appended again counts as stored and is stored once', async () => {
      const first = await log.append([entry('s1', 'e1'), entry('s1', 'e2')]);
      const again = await log.append([entry('s1', 'e1'), entry('s1', 'e2'), entry('s1', 'e2')]);
      expect(again).toEqual({ ...first, firstSequence: 0, duplicates: [0, 1, 2] });
      expect(idsBySimulation(await opened.stored())).toEqual({ s1: ['e1', 'e2'] });
    });

    test('batches in flight together keep the order of each simulation', async () => {
      const simulations = Array.from({ length: 20 }, (_, at) => `s${at}`);
      const all = batches(simulations, 200, 50);
      const receipts = await Promise.all(all.map((batch) => log.append(batch)));
      const ids = idsBySimulation(await opened.stored());
      const wanted = Array.from({ length: 500 }, (_, at) => `e${at}`);
      expect(ids).toEqual(Object.fromEntries(simulations.map((simulation) => [simulation, wanted])));
      expect(receipts.every(({ rejected }) => rejected.length === 0)).toBe(true);
      expect(Math.max(...receipts.map(({ lastSequence }) => lastSequence))).toBe(10_000);
    });

    test('an entry that is too large is rejected by its index; the others are stored', async () => {
      const large = entry('s1', 'large', new Uint8Array(opened.tooManyBytes));
      const receipt = await log.append([entry('s1', 'e1'), large, entry('s1', 'e2'), large]);
      expect(receipt.rejected.map(({ index }) => index)).toEqual([1, 3]);
      expect(receipt.rejected[0]?.reason).toContain(String(opened.tooManyBytes).slice(0, 4));
      const stored = await opened.stored();
      expect(stored.map(({ eventId }) => eventId)).toEqual(['e1', 'e2']);
      expect(receipt.lastSequence).toBe(stored[1]?.sequence);
    });

    test('a batch of which nothing can be stored resolves with sequence 0', async () => {
      const receipt = await log.append([entry('s1', 'large', new Uint8Array(opened.tooManyBytes))]);
      expect(receipt).toMatchObject({ lastSequence: 0, rejected: [{ index: 0 }] });
    });

    test('an empty batch resolves at once', async () => {
      expect(await log.append([])).toEqual({ firstSequence: 0, lastSequence: 0, rejected: [], duplicates: [] });
    });

    test('stop lets what was appended before it be stored, and rejects what comes after', async () => {
      const before = log.append(Array.from({ length: 1_000 }, (_, at) => entry('s1', `e${at}`)));
      const stopped = log.stop();
      await expect(log.append([entry('s1', 'late')])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
      await stopped;
      await log.stop();
      expect((await before).rejected).toEqual([]);
      const stored = await opened.stored();
      expect(stored).toHaveLength(1_000);
      expect(stored.some(({ eventId }) => eventId === 'late')).toBe(false);
    });
  });
}
