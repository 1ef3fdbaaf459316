import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { scriptedEvents } from '../../support/fake-worker/recipe.ts';
import { expectedSubject, isMarkedForLog } from './expected-subjects.ts';
import type { Stage } from './stage.ts';

/** What somebody outside has received of the twenty runs, once those that end by themselves have. */
export function deliveryTests(stage: () => Stage): void {
  const reporting = (): string[] => {
    const { scripts, victim, commanded } = stage().ensemble;
    return [...scripts.keys()].filter((id) => id !== victim && id !== commanded.fake);
  };

  describe('every routed event', () => {
    test('of the fake workers came once, in order, on its subject, with the reported bytes in front', async () => {
      for (const simulationId of reporting()) {
        const { workerId } = await stage().daemon.client.get(simulationId);
        const script = stage().ensemble.scripts.get(simulationId) ?? {};
        const expected = stage().witness.expected([...scriptedEvents(script, { workerId, simulationId })]);
        await until(`all of ${simulationId} came`, () => stage().witness.of(simulationId).length >= expected.length);
        const seen = stage().witness.of(simulationId);
        expect(seen).toHaveLength(expected.length);
        // A loop without an assertion for each of 100,000 events: the first that is wrong is shown.
        const wrong = expected.findIndex(({ bytes }, at) => {
          const came = seen[at];
          const begins = came?.bytes.subarray(0, bytes.length).equals(bytes) ?? false;
          return !begins || came?.subject !== expectedSubject(simulationId, bytes);
        });
        expect({ simulationId, wrong, came: seen[wrong]?.subject }).toEqual({ simulationId, wrong: -1 });
      }
    });

    test('has its empty fields filled in behind them, and nothing else', async () => {
      const [simulationId = ''] = reporting();
      const { workerId } = await stage().daemon.client.get(simulationId);
      const script = stage().ensemble.scripts.get(simulationId) ?? {};
      const [first, second] = [...scriptedEvents(script, { workerId, simulationId })];
      const seen = (id = 'none') =>
        stage()
          .witness.of(simulationId)
          .find(({ bytes }) => readEnvelope(bytes).eventId === id);
      const added = readEnvelope(seen(first?.id)?.bytes.subarray(first?.bytes.length) ?? Buffer.alloc(0));
      expect(added).toMatchObject({ eventId: '', eventTypeKey: '', sourceWorkerId: workerId, simulationId });
      expect(Number(added.timestampNs)).toBeGreaterThan(0);
      // The second one is whole.
      expect(seen(second?.id)?.bytes).toEqual(second?.bytes);
    });

    test('of the fish came once and in order, as many as were received', async () => {
      const { client } = stage().daemon;
      for (const simulationId of stage().ensemble.fish.slice(1)) {
        const { eventsReceived } = await client.get(simulationId);
        await until(
          `all of ${simulationId} came`,
          () => stage().witness.of(simulationId).length >= Number(eventsReceived),
        );
        const seen = stage()
          .witness.of(simulationId)
          .map(({ bytes }) => readEnvelope(bytes));
        expect(seen).toHaveLength(Number(eventsReceived));
        const ordinals = seen.map(({ ordinal, eventTypeKey: key }) => ({ ordinal: Number(ordinal), key }));
        const reported = [...ordinals].sort((a, b) => a.ordinal - b.ordinal);
        expect(new Set(ordinals.map(({ ordinal }) => ordinal)).size).toBe(seen.length);
        expect(ordinals).toEqual(stage().witness.expected(reported));
        const subjects = stage()
          .witness.of(simulationId)
          .map(({ subject }) => subject);
        const expected = stage()
          .witness.of(simulationId)
          .map(({ bytes }) => expectedSubject(simulationId, bytes));
        expect(subjects).toEqual(expected);
        const states = seen.filter(({ eventTypeKey }) => eventTypeKey === 'sim.world_state.v1');
        expect(states.map(({ attributes }) => Number(attributes['tick']))).toEqual(
          Array.from({ length: 201 }, (_, tick) => tick),
        );
      }
    });
  });

  test('each run counts what it received and what was logged', async () => {
    for (const simulationId of reporting()) {
      const { workerId, ...status } = await stage().daemon.client.get(simulationId);
      const script = stage().ensemble.scripts.get(simulationId) ?? {};
      const expected = [...scriptedEvents(script, { workerId, simulationId })];
      const logged = expected.filter(({ key }) => isMarkedForLog(key));
      expect(status).toMatchObject({ eventsReceived: String(expected.length), eventsLogged: String(logged.length) });
    }
  });

  test('two runs whose workers use the same event ids lose nothing', async () => {
    const idsOf = (simulationId: string) =>
      stage()
        .witness.of(simulationId)
        .map(({ bytes }) => readEnvelope(bytes).eventId);
    const [one, other] = stage().ensemble.twins;
    expect(idsOf(one)).toHaveLength(3_000);
    expect(idsOf(other)).toEqual(idsOf(one));
    for (const id of [one, other]) expect(await stage().daemon.client.get(id)).toMatchObject({ eventsLogged: '1000' });
  });
}
