import type { EmittedEvent } from 'shoal/worker';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { schoolConfig } from '../../../examples/fish-school/school-config.ts';
import { SchoolRun } from '../../../examples/fish-school/school-run.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { FakeWorker } from './fake-worker.ts';

const { AgentAction, AgentObservation, AgentReward } = loadProtos().tree.fes.simulation.agent;
const fast = { ticks_per_second: 0 };

/** Ends the runs that a test has begun; one at full speed would go on for ever. */
const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(endings.splice(0).map((ending) => ending()));
});

/** Begins a run that the test need not wait for. */
function begin(json: object, seed = 7n, worker = new FakeWorker()) {
  const run = new SchoolRun(worker, schoolConfig({ ...fast, ...json }), seed);
  const end = run.run();
  endings.push(() => {
    worker.lose(new Error('the test is over'));
    return end.catch(() => {});
  });
  return { worker, run, end };
}

function ofKey(events: readonly EmittedEvent[], key: string): EmittedEvent[] {
  return events.filter((event) => event.key === key);
}

function ticks(events: readonly EmittedEvent[]): number[] {
  return ofKey(events, 'sim.world_state.v1').map(({ attributes }) => Number(attributes?.['tick']));
}

/** Without the time, which is not part of a run. */
function contents(events: readonly EmittedEvent[]) {
  return events.map(({ timestampNs, ...event }) => event);
}

describe('a run of the school', () => {
  test('reports every tick in order from tick 0 on, and is completed when its ticks are done', async () => {
    const { worker, end } = begin({ ticks: 50 });
    expect(await end).toBe('completed');
    expect(ticks(worker.events)).toEqual(Array.from({ length: 51 }, (_, tick) => tick));
    expect(ofKey(worker.events, 'sim.agent_reward.v1')[0]?.attributes?.['tick']).toBe('1');
    expect([worker.tick, worker.state]).toEqual([50, 'COMPLETED']);
  });

  test('gives the same events for the same seed, and others for another', async () => {
    // World states carry the time; it is the same for all of these.
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    const [one, same, other] = [begin({ ticks: 300 }), begin({ ticks: 300 }), begin({ ticks: 300 }, 8n)];
    await Promise.all([one.end, same.end, other.end]);
    expect(one.worker.events.length).toBeGreaterThan(10_000);
    expect(JSON.stringify(same.worker.events, bigIntAsText)).toBe(JSON.stringify(one.worker.events, bigIntAsText));
    expect(contents(other.worker.events)).not.toEqual(contents(one.worker.events));
  });

  test('reports an observation and a reward for every fish, as protobuf with agent and tick', async () => {
    const { worker, run, end } = begin({ ticks: 3, fish: 4 });
    await end;
    const observations = ofKey(worker.events, 'sim.agent_observation.v1').slice(-run.world.fish.length);
    const rewards = ofKey(worker.events, 'sim.agent_reward.v1').slice(-run.world.fish.length);
    expect(observations.map(({ attributes }) => attributes)).toEqual(
      run.world.fish.map(({ id }) => ({ agent_id: id, tick: '3' })),
    );
    for (const [i, fish] of run.world.fish.entries()) {
      const observation = AgentObservation.deserialize(Buffer.from(observations[i]?.payload ?? []));
      expect(observation.currentAgeTicks).toBe(String(fish.ageTicks));
      expect(observation.posX).toBeCloseTo(fish.pos.x, 4);
      expect(observation.currentEnergy).toBeCloseTo(fish.energy, 4);
      const reward = AgentReward.deserialize(Buffer.from(rewards[i]?.payload ?? []));
      expect(reward).toMatchObject({ done: false, tick: '3', reward: Math.fround(fish.lastReward) });
    }
    expect(observations[0]?.contentType).toBe('application/protobuf; message=fes.simulation.agent.AgentObservation');
    expect(rewards[0]?.contentType).toBe('application/protobuf; message=fes.simulation.agent.AgentReward');
  });

  test.each([
    [0, []],
    [3, [0, 3, 6, 9]],
  ])('reports observations every %i ticks', async (every, expected) => {
    const { worker, end } = begin({ ticks: 10, fish: 2, observations_every: every });
    await end;
    const observed = ofKey(worker.events, 'sim.agent_observation.v1').map(({ attributes }) =>
      Number(attributes?.['tick']),
    );
    expect([...new Set(observed)]).toEqual(expected);
  });

  test('reports who died of what, and ends its rewards', async () => {
    const { worker, end } = begin({ ticks: 400, fish: 1, food: 0 });
    await end;
    const [died] = ofKey(worker.events, 'sim.agent_died.v1');
    const tick = Number(died?.attributes?.['tick']);
    expect(JSON.parse(Buffer.from(died?.payload ?? []).toString())).toEqual({
      agent_id: 'fish-000001',
      tick,
      cause: 'starvation',
      age_ticks: tick,
    });
    const rewards = ofKey(worker.events, 'sim.agent_reward.v1')
      .filter(({ attributes }) => attributes?.['agent_id'] === 'fish-000001')
      .map(({ payload }) => AgentReward.deserialize(Buffer.from(payload)).done);
    expect(rewards).toEqual([...new Array(tick - 1).fill(false), true]);
  });

  test('fails when the worker is lost', async () => {
    const { worker, end } = begin({});
    worker.lose(new Error('lost'));
    await expect(end).rejects.toThrow('lost');
  });
});

describe('commands to the school', () => {
  test('are served between ticks also at full speed: pause stops it, resume goes on, stop ends it', async () => {
    const { worker, end } = begin({});
    const paused = await worker.send({ name: 'pause' });
    expect(paused).toMatchObject({ ok: true, state: 'PAUSED', tick: ticks(worker.events).at(-1) });
    const events = worker.events.length;
    expect(await worker.send({ name: 'set_speed', ticksPerSecond: 0 })).toMatchObject({ ok: true, tick: paused.tick });
    expect(worker.events).toHaveLength(events);
    expect(await worker.send({ name: 'resume' })).toMatchObject({ ok: true, state: 'RUNNING' });
    await vi.waitUntil(() => worker.tick > paused.tick);
    expect(await worker.send({ name: 'stop', force: false })).toMatchObject({ ok: true, state: 'STOPPING' });
    expect(await end).toBe('stopped');
  });

  test('begin paused where Shoal wants it: tick 0 is held, a step is exactly that many ticks', async () => {
    const { worker } = begin({}, 7n, new FakeWorker('PAUSED'));
    expect(await worker.send({ name: 'step', ticks: 5 })).toMatchObject({ ok: true, tick: 5, state: 'PAUSED' });
    expect(ticks(worker.events)).toEqual([0, 1, 2, 3, 4, 5]);
    const [one, two] = [worker.send({ name: 'step', ticks: 1 }), worker.send({ name: 'step', ticks: 2 })];
    expect([(await one).tick, (await two).tick]).toEqual([6, 8]);
    expect(ticks(worker.events).at(-1)).toBe(8);
  });

  test('stop ends a long step, which is refused', async () => {
    const { worker, end } = begin({}, 7n, new FakeWorker('PAUSED'));
    const step = worker.send({ name: 'step', ticks: 1_000_000_000 });
    await vi.waitUntil(() => worker.tick > 0);
    await worker.send({ name: 'stop', force: false });
    expect(await step).toMatchObject({ ok: false, message: expect.stringContaining('the run ended at tick') });
    expect(await end).toBe('stopped');
  });

  test('a step beyond the last tick completes the run', async () => {
    const { worker, end } = begin({ ticks: 3 }, 7n, new FakeWorker('PAUSED'));
    expect(await worker.send({ name: 'step', ticks: 5 })).toMatchObject({ ok: false, tick: 3 });
    expect(await end).toBe('completed');
  });

  test('reset begins again at tick 0, in the same state, with the same events', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    const { worker } = begin({}, 7n, new FakeWorker('PAUSED'));
    await worker.send({ name: 'step', ticks: 20 });
    const first = contents(worker.events.splice(0));
    expect(await worker.send({ name: 'reset' })).toMatchObject({ ok: true, tick: 0, state: 'PAUSED' });
    await worker.send({ name: 'step', ticks: 20 });
    expect(contents(worker.events.splice(0))).toEqual(first);
    await worker.send({ name: 'reset', seed: 8n });
    await worker.send({ name: 'step', ticks: 20 });
    expect(contents(worker.events)).not.toEqual(first);
  });

  test('reset takes a new configuration, and refuses one that is wrong without changing anything', async () => {
    const { worker, run } = begin({ fish: 3 }, 7n, new FakeWorker('PAUSED'));
    await worker.send({ name: 'step', ticks: 2 });
    const refused = await worker.send({ name: 'reset', config: { fish: -1 } });
    expect(refused).toMatchObject({
      ok: false,
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/fish is -1/),
      tick: 2,
    });
    expect(run.world.fish).toHaveLength(3);
    expect(await worker.send({ name: 'reset', config: { fish: 5 } })).toMatchObject({ ok: true, tick: 0 });
    expect(run.world.fish).toHaveLength(5);
  });

  test('agent_action steers that fish in the next tick', async () => {
    const { worker, run } = begin({ fish: 2, food: 0 }, 7n, new FakeWorker('PAUSED'));
    const fish = run.world.fish[1];
    if (fish === undefined) throw new Error('no fish');
    const action = AgentAction.serialize({ moveDelta: 0, turnDeltaDegrees: 10, attemptEat: false });
    const sent = { name: 'agent_action' as const, agentId: fish.id, action, contentType: '' };
    expect(await worker.send(sent)).toMatchObject({ ok: true });
    await worker.send({ name: 'step', ticks: 1 });
    expect(run.world.fish[1]?.pos).toEqual(fish.pos);
    expect(run.world.fish[1]?.heading).toBeCloseTo(fish.heading + Math.PI / 18, 5);
  });

  test('agent_action is refused for a fish that is not there and for bytes that are no action', async () => {
    const { worker } = begin({}, 7n, new FakeWorker('PAUSED'));
    const nobody = { name: 'agent_action' as const, agentId: 'fish-x', action: Buffer.alloc(0), contentType: '' };
    expect(await worker.send(nobody)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    const garbage = { ...nobody, agentId: 'fish-000001', action: Buffer.from([0xff]) };
    expect(await worker.send(garbage)).toMatchObject({ ok: false, code: 'INVALID_ARGUMENT' });
  });

  test('inject_agent puts a fish there, says its id and reports it', async () => {
    const { worker, run } = begin({ fish: 2 }, 7n, new FakeWorker('PAUSED'));
    const contentType = 'application/json';
    const payload = Buffer.from('{"pos_x": 5, "pos_y": -1}');
    const answer = await worker.send({ name: 'inject_agent', payload, contentType });
    expect(answer).toMatchObject({ ok: true, result: '{"agent_id":"fish-000003"}' });
    expect(run.world.fish[2]).toMatchObject({ id: 'fish-000003', pos: { x: 5, y: 59 } });
    expect(ofKey(worker.events, 'sim.agent_spawned.v1')[0]?.attributes).toEqual({ agent_id: 'fish-000003', tick: '0' });
    const anywhere = { name: 'inject_agent' as const, payload: Buffer.alloc(0), contentType };
    expect(await worker.send(anywhere)).toMatchObject({ ok: true });
    for (const wrong of ['{', '{"pos_x": "a", "pos_y": 1}', '{"pos_x": 1}', 'null']) {
      const refused = await worker.send({ name: 'inject_agent', payload: Buffer.from(wrong), contentType });
      expect([wrong, refused.ok]).toEqual([wrong, wrong === 'null']);
    }
  });

  test('set_speed sets the pace, and refuses what is no speed', async () => {
    const { worker } = begin({ ticks_per_second: 0.001 });
    await vi.waitUntil(() => worker.tick === 1);
    expect(await worker.send({ name: 'set_speed', ticksPerSecond: 1_000 })).toMatchObject({ ok: true });
    await vi.waitUntil(() => worker.tick > 3);
    for (const ticksPerSecond of [-1, Number.NaN]) {
      expect(await worker.send({ name: 'set_speed', ticksPerSecond })).toMatchObject({
        ok: false,
        code: 'INVALID_ARGUMENT',
      });
    }
  });

  test('of any other kind are refused', async () => {
    const { worker } = begin({});
    expect(await worker.send({ name: 'snapshot', snapshotName: 'a' })).toMatchObject({
      ok: false,
      code: 'UNIMPLEMENTED',
    });
  });
});

function bigIntAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
