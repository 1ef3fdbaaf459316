import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InMemoryEventLog } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';
import type { EventArchive, ReadRequest } from '../../../src/ports/event-archive.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { eventIds, loggedEvent, readToEnd } from './event-archive-suite.ts';

const simulation = fc.constantFrom('s1', 's2', 's3');
const key = fc.constantFrom('sim.a.v1', 'sim.b.v1', 'other');
const event = fc.tuple(simulation, fc.nat(30), key);
const request = fc.record({
  from: fc.oneof(fc.constant('end' as const), fc.record({ sequence: fc.nat(80) })),
  simulations: fc.option(fc.uniqueArray(simulation, { minLength: 1 }), { nil: undefined }),
  keys: fc.option(fc.uniqueArray(fc.constantFrom('sim.*.v1', 'other', '>'), { minLength: 1 }), { nil: undefined }),
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ append: fc.array(event, { maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: simulation }) },
  { weight: 2, arbitrary: fc.record({ read: request }) },
  { weight: 1, arbitrary: fc.constant({ restart: true as const }) },
);

function readRequest({
  from,
  simulations,
  keys,
}: typeof request extends fc.Arbitrary<infer T> ? T : never): ReadRequest {
  return {
    from,
    ...(simulations && { simulationIds: simulations.map((id) => parseSimulationId(id)) }),
    ...(keys && { eventTypeKeys: keys }),
  };
}

async function found(archive: EventArchive, wanted: ReadRequest): Promise<unknown[]> {
  const reader = await archive.open(wanted);
  const entries = await readToEnd(reader);
  await reader.close();
  const ids = eventIds(entries);
  return entries.map(({ sequence, simulationId, eventTypeKey }, at) => [sequence, simulationId, eventTypeKey, ids[at]]);
}

test('whatever is appended, repeated, removed and read, over restarts: as the log in memory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'shoal-model-'));
      const options = { file: join(folder, 'events.db'), retention: {}, log: new RecordingLog() };
      const open = async () => {
        const log = new SqliteEventLog({ ...options, durability: 'acknowledged' });
        await log.start();
        return log;
      };
      const model = new InMemoryEventLog();
      let log = await open();
      try {
        for (const each of steps) {
          if ('append' in each) {
            const batch = each.append.map(([id, number, type]) => loggedEvent(id, `e${number}`, type));
            expect(await log.append(batch)).toEqual(await model.append(batch));
          } else if ('remove' in each) {
            const id = parseSimulationId(each.remove);
            await Promise.all([log.remove(id), model.remove(id)]);
            expect(await log.holds(id)).toBe(false);
          } else if ('read' in each) {
            const wanted = readRequest(each.read);
            expect(await found(log, wanted)).toEqual(await found(model, wanted));
          } else {
            await log.stop();
            log = await open();
          }
          expect(await log.lastSequence()).toBe(await model.lastSequence());
        }
      } finally {
        await log.stop();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});
