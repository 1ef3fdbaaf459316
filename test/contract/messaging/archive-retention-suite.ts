import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventArchive, ReadRequest } from '../../../src/ports/event-archive.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { eventIds, loggedEvent, type OpenArchive, readToEnd } from './event-archive-suite.ts';

/**
 * What readers are promised of a log that does not keep everything. `open` gives one that is started and empty and keeps
 * the latest 1,000 entries.
 */
export function describeArchiveRetention(name: string, open: () => Promise<OpenArchive>): void {
  describe(name, () => {
    let opened: OpenArchive;
    let log: EventLog;
    let archive: EventArchive;
    const running = new AbortController();
    const events = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => loggedEvent('s1', `e${from + at}`));
    const idsOf = (from: number, to: number) => events(from, to).map(({ eventId }) => eventId);
    const openAtFirst = (request: Partial<ReadRequest> = {}) => archive.open({ from: { sequence: 1 }, ...request });

    beforeEach(async () => {
      opened = await open();
      ({ log, archive } = opened);
    });
    afterEach(() => opened.close());

    test('a reader that was overtaken is told; one that begins then begins at the first entry', async () => {
      await log.append(events(0, 990));
      const reader = await openAtFirst();
      const page = await reader.next({ wait: true, signal: running.signal });
      expect(page.length).toBeLessThan(990);
      await log.append(events(990, 2_500));
      await expect(readToEnd(reader)).rejects.toMatchObject({
        code: 'CAPACITY_EXHAUSTED',
        message: expect.stringMatching(/events before sequence 1501 .* sequence \d+ was still to be read/),
        metadata: { first_sequence: '1501' },
      });
      await reader.close();
      const later = await openAtFirst();
      const kept = await readToEnd(later);
      expect([eventIds(kept), kept[0]?.sequence]).toEqual([idsOf(1_500, 2_500), 1_501]);
      await later.close();
    });

    test('a reader that skips what retention took goes on behind it, from wherever it stood', async () => {
      await log.append(events(0, 990));
      const begun = await openAtFirst({ overtaken: 'skips' });
      const page = eventIds(await begun.next({ wait: true, signal: running.signal }));
      const rare = await openAtFirst({ overtaken: 'skips', eventTypeKeys: ['sim.rare.v1'] });
      expect(await readToEnd(rare)).toEqual([]);
      await log.append(events(990, 2_500));
      await log.append([loggedEvent('s1', 'rare', 'sim.rare.v1')]);
      const rest = eventIds(await readToEnd(begun));
      expect(rest.slice(-1_000)).toEqual([...idsOf(1_501, 2_500), 'rare']);
      expect([...page, ...rest]).toEqual([...new Set([...page, ...rest])]);
      expect(eventIds(await readToEnd(rare))).toEqual(['rare']);
      await Promise.all([begun.close(), rare.close()]);
    });

    test('a reader that stood at the end and did not ask is told too', async () => {
      await log.append(events(0, 50));
      const reader = await openAtFirst();
      expect(await readToEnd(reader)).toHaveLength(50);
      await log.append(events(50, 1_500));
      await expect(readToEnd(reader)).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
      await reader.close();
    });

    test('a reader that keeps up is not overtaken', async () => {
      const reader = await openAtFirst();
      const seen: string[] = [];
      for (let at = 0; at < 3_000; at += 500) {
        await log.append(events(at, at + 500));
        seen.push(...eventIds(await readToEnd(reader)));
      }
      expect(seen).toEqual(idsOf(0, 3_000));
      await reader.close();
    });

    test('a reader that waits for what seldom comes is not overtaken', async () => {
      const reader = await openAtFirst({ eventTypeKeys: ['sim.rare.v1'] });
      const page = reader.next({ wait: true, signal: running.signal });
      for (let at = 0; at < 3_000; at += 500) await log.append(events(at, at + 500));
      await log.append([loggedEvent('s1', 'rare', 'sim.rare.v1')]);
      expect(eventIds(await page)).toEqual(['rare']);
      await reader.close();
    });
  });
}
