import { beforeAll, describe, expect, test } from 'vitest';
import { MANIFEST_KEY } from '../../../src/domain/ledger/manifest.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { scriptedEvents } from '../../support/fake-worker/recipe.ts';
import { isMarkedForLog } from './expected-subjects.ts';
import { type LoggedEvent, readLog } from './log-reader.ts';
import type { Stage } from './stage.ts';
import type { NatsWitness } from './witness.ts';

/** What is in the JetStream stream once the runs that end by themselves have. */
export function logTests(stage: () => Stage, witness: () => NatsWitness): void {
  describe('the stream LOGGING_EVENTS', () => {
    let log: LoggedEvent[];
    const byRun = new Map<string, LoggedEvent[]>();
    const manifests: LoggedEvent[] = [];

    beforeAll(async () => {
      log = await readLog(witness().connection);
      for (const event of log) {
        const simulationId = event.subject.split('.')[3] ?? '';
        if (readEnvelope(event.bytes).eventTypeKey === MANIFEST_KEY) manifests.push(event);
        else byRun.set(simulationId, [...(byRun.get(simulationId) ?? []), event]);
      }
    });

    test('has the manifest of each run that is over, once, with what there is of it', () => {
      const counts = manifests.map(({ bytes }) => {
        const { simulationId, eventPayload } = readEnvelope(bytes);
        return [simulationId, Number(JSON.parse(eventPayload.toString()).logged)] as const;
      });
      const ended = new Set(stage().ensemble.fish.slice(1));
      const found = counts.filter(([id]) => ended.has(id));
      expect(new Map(found).size).toBe(found.length);
      expect(new Map(found)).toEqual(new Map([...ended].map((id) => [id, byRun.get(id)?.length])));
    });

    test('has every event that was marked for it, once and in order, for each fake worker', async () => {
      const { scripts, victim, commanded } = stage().ensemble;
      for (const [simulationId, script] of scripts) {
        if (simulationId === victim || simulationId === commanded.fake) continue;
        const { workerId } = await stage().daemon.client.get(simulationId);
        const expected = [...scriptedEvents(script, { workerId, simulationId })].filter(({ key }) =>
          isMarkedForLog(key),
        );
        const logged = byRun.get(simulationId) ?? [];
        expect(logged.map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual(expected.map(({ id }) => id));
        const wrong = expected.findIndex(({ bytes }, at) => !logged[at]?.bytes.subarray(0, bytes.length).equals(bytes));
        expect({ simulationId, wrong }).toEqual({ simulationId, wrong: -1 });
      }
    });

    test('has the same bytes in the same order as the live subjects, for each school of fish', () => {
      for (const simulationId of stage().ensemble.fish.slice(1)) {
        const live = witness()
          .of(simulationId)
          .filter(({ bytes }) => isMarkedForLog(readEnvelope(bytes).eventTypeKey));
        const logged = byRun.get(simulationId) ?? [];
        expect(logged.length).toBeGreaterThanOrEqual(200);
        expect(Buffer.concat(logged.map(({ bytes }) => bytes))).toEqual(Buffer.concat(live.map(({ bytes }) => bytes)));
      }
    });

    test('has all that the worker that was killed was told was durable', async () => {
      const { victim } = stage().ensemble;
      const { eventsLogged } = await stage().daemon.client.get(victim);
      const ids = (byRun.get(victim) ?? []).map(({ bytes }) => readEnvelope(bytes).eventId);
      expect(ids).toHaveLength(Number(eventsLogged));
      expect(ids).toEqual(ids.map((_, at) => `victim-logged-${at}`));
    });

    test('names each event by its run and its id, on the subject of its run and key', () => {
      const wrong = log.filter(({ bytes, subject, messageId }) => {
        const { simulationId, eventId, eventTypeKey } = readEnvelope(bytes);
        const isNamed = messageId === `${simulationId}/${eventId}`;
        return !isNamed || subject !== `logging.events.raw.${simulationId}.${eventTypeKey}`;
      });
      expect(wrong.map(({ subject, messageId }) => ({ subject, messageId }))).toEqual([]);
      expect(new Set(log.map(({ messageId }) => messageId)).size).toBe(log.length);
    });

    test('has nothing that was not marked for it', () => {
      const keys = new Set(log.map(({ bytes }) => readEnvelope(bytes).eventTypeKey));
      expect([...keys].filter((key) => !isMarkedForLog(key))).toEqual([]);
      expect(keys).toContain('sim.world_state.v1');
      expect(keys).toContain('fake.logged.v1');
    });
  });
}
