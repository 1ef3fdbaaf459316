import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { startFake } from './fake-runs.ts';
import { readLog } from './log-reader.ts';
import { NatsWitness } from './witness.ts';
import { fakeType, fishType } from './worker-types.ts';

const COUNT = 12_000;
const fakes = ['fake-a', 'fake-b', 'fake-c'];
/** For so long nothing may be taken from the workers, who would have reported some 3,000 events in it. */
const OUTAGE_MS = 2_000;

let server: RunningNatsServer;
let daemon: ChildDaemon;

beforeAll(async () => {
  server = await startNatsServer();
  daemon = await spawnDaemon({ natsUrl: server.url, workerTypes: [fakeType(), fishType()] });
  for (const simulationId of fakes) {
    const events = [{ key: 'fake.logged.v1', count: COUNT, prefix: simulationId, payload_bytes: 100 }];
    await startFake(daemon.client, { events, events_per_second: 1_500, at_end: 'exit' }, { simulationId });
  }
  const school = plainToStruct({ fish: 5, max_fish: 5, ticks: 200, ticks_per_second: 25 });
  await daemon.client.start({ simulationId: 'fish', workerType: 'fish', config: school });
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const received = async (id: string) => Number((await daemon.client.get(id)).eventsReceived);

/** What each worker has been taken, once what was in flight is over. */
async function settled(): Promise<number[]> {
  let last: number[] = [];
  let times = 0;
  await until('nothing more is taken', async () => {
    const now = await Promise.all(fakes.map(received));
    times = now.every((figure, at) => figure === last[at]) ? times + 1 : 0;
    last = now;
    return times >= 15;
  });
  return last;
}

describe('a nats-server that goes away in the middle of four runs', () => {
  test('holds the workers back and fails none; /readyz says why', async () => {
    for (const id of [...fakes, 'fish']) await until(`${id} reports`, async () => (await received(id)) > 500, 60_000);
    await server.kill();
    await until('it is noticed', async () =>
      (await daemon.readiness()).startsWith('503 not ready: not connected to NATS: '),
    );
    const before = await settled();
    await delay(OUTAGE_MS);
    expect(await Promise.all(fakes.map(received))).toEqual(before);
    for (const [at, id] of fakes.entries()) {
      expect(before[at]).toBeLessThan(COUNT);
      expect(await daemon.client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
    }
    expect(await daemon.metrics()).toMatch(/^shoal_nats_connected 0$/m);
  });

  test('and comes back: the runs go on to their end', async () => {
    await server.restart();
    await until('it is ready again', async () => (await daemon.readiness()) === '200 ready');
    for (const id of [...fakes, 'fish']) {
      await until(
        `${id} completes`,
        async () => (await daemon.client.get(id)).state === 'SIMULATION_STATE_COMPLETED',
        90_000,
      );
    }
    expect(await daemon.metrics()).toMatch(/^shoal_nats_reconnects_total [1-9]/m);
  });

  test('has lost, repeated or reordered no logged event', async () => {
    await using witness = await NatsWitness.watch(server.url);
    const log = await readLog(witness.connection);
    const reportedBy = (id: string) =>
      log
        .filter(({ subject }) => subject.split('.')[3] === id && !subject.includes('.orchestrator.'))
        .map(({ bytes }) => readEnvelope(bytes));
    for (const id of fakes) {
      expect(reportedBy(id).map(({ eventId }) => eventId)).toEqual(
        Array.from({ length: COUNT }, (_, at) => `${id}-${at}`),
      );
    }
    const fish = reportedBy('fish');
    expect(fish.filter(({ eventTypeKey }) => eventTypeKey === 'sim.world_state.v1')).toHaveLength(201);
    const ordinals = fish.map(({ ordinal }) => Number(ordinal));
    expect(ordinals).toEqual([...new Set(ordinals)].sort((a, b) => a - b));
  });

  test('does not make a worker that hears commands over NATS deaf', async () => {
    const id = await startFake(daemon.client, {});
    await daemon.client.untilState(id, 'RUNNING');
    await server.restart();
    await until('it is ready again', async () => (await daemon.readiness()) === '200 ready');
    await until('the worker listens again', () =>
      daemon.client.control(id, { pause: {} }).then(
        ({ state }) => state === 'SIMULATION_STATE_PAUSED',
        () => false,
      ),
    );
    await daemon.client.control(id, { stop: {} });
  });
});
