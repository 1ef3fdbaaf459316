import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedSeed } from '../../../src/domain/supervision/derived-seed.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { processesMentioning, workerProcess } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';
import { startFake } from './fake-runs.ts';
import { fakeType } from './worker-types.ts';

const restart = {
  policy: 'on-failure',
  max_restarts: 3,
  window: '5m',
  backoff: { initial: '50ms', max: '200ms' },
  min_uptime: '100ms',
};
const commands = ['pause', 'resume', 'step', 'snapshot', 'stop'];
const limits = { register_timeout: '60s' };
const ticking = {
  events: [{ key: 'fake.quiet.v1', count: 1_000_000, prefix: 'tick' }],
  events_per_second: 200,
  batch_size: 10,
  heartbeat_ms: 50,
} satisfies FakeWorkerScript;

let daemon: ChildDaemon;
beforeAll(async () => {
  daemon = await spawnDaemon({
    limits: { heartbeat_interval: '500ms' },
    workerTypes: [
      fakeType({ restart, limits: { ...limits, stall_timeout: '1s' } }),
      fakeType({ name: 'seeded', restart: { ...restart, start_from: 'new-seed' }, limits }),
      fakeType({ name: 'saving', restart: { ...restart, start_from: 'snapshot' }, limits, commands }),
      fakeType({ name: 'broken', restart: { ...restart, breaker: { failures: 2, cool_down: '1h' } }, limits }),
    ],
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const untilIncarnation = (id: string, incarnation: number, state = 'RUNNING') =>
  until(`${id} is ${state} in incarnation ${incarnation}`, async () => {
    const simulation = await daemon.client.get(id);
    return simulation.incarnation === incarnation && simulation.state === `SIMULATION_STATE_${state}` && simulation;
  });
const startLines = async (id: string) => {
  const output = daemon.client.output({ simulationId: id });
  await output.ended();
  return output.messages.map(({ line }) => line).filter((line) => line.startsWith('incarnation'));
};

describe.concurrent('a simulation whose worker', () => {
  test.each([
    ['crashes', { crash: { at: 'registered', code: 3, incarnations: 1 } }, 'WORKER_CRASHED'],
    ['is stopped by SIGSTOP', { hang: { at: 100, how: 'stopped', incarnations: 1 } }, 'HEARTBEAT_LOST'],
    ['computes for ever', { hang: { at: 100, how: 'loop', incarnations: 1 } }, 'HEARTBEAT_LOST'],
    ['computes for ever in another thread', { hang: { at: 100, how: 'spin', incarnations: 1 } }, 'STALLED'],
  ] as const)('%s is restarted', async (_what, wrong, reason) => {
    const id = await startFake(daemon.client, { ...ticking, ...wrong });
    const again = await untilIncarnation(id, 2);
    expect(again).toMatchObject({ restarts: 1, reason: '', message: '' });
    expect(processesMentioning(`SHOAL_SIMULATION_ID=${id}`)).toHaveLength(1);
    const said = daemon.log.filter(
      ({ simulationId, msg }) => simulationId === id && msg === 'worker ended, to be restarted',
    );
    expect(said).toMatchObject([{ reason }]);
    const stalls = daemon.log.filter(({ simulationId, msg }) => simulationId === id && msg === 'tick stands still');
    if (reason === 'STALLED') expect(stalls).not.toEqual([]);
    await daemon.client.control(id, { stop: { force: true } });
  });

  test('always crashes is out of restarts at last, and nothing of it is left', async () => {
    const id = await startFake(daemon.client, { crash: { at: 'registered', code: 3, last_words: 'no water' } });
    const failed = await daemon.client.untilState(id, 'FAILED');
    expect(failed).toMatchObject({ reason: 'RESTARTS_EXHAUSTED', restarts: 3, incarnation: 4, exitCode: 3 });
    expect(failed.message).toMatch(/exited 3 .*no water.*out of restarts: 3 within 300000 ms/s);
    expect(workerProcess(id, daemon.folder)).toBeUndefined();
  });

  test('says that its configuration is bad (78) is not restarted', async () => {
    const id = await startFake(daemon.client, { crash: { at: 'registered', code: 78 } });
    expect(await daemon.client.untilState(id, 'FAILED')).toMatchObject({ incarnation: 1, exitCode: 78 });
  });

  test('stands still while it is PAUSED is left alone', async () => {
    const id = await startFake(daemon.client, ticking);
    await until('it ticks', async () => Number((await daemon.client.get(id)).lastTick) > 0);
    await daemon.client.control(id, { pause: {} });
    const pausedAt = performance.now();
    await until('more than twice stall_timeout has passed', () => performance.now() - pausedAt > 2_500);
    expect(await daemon.client.get(id)).toMatchObject({
      state: 'SIMULATION_STATE_PAUSED',
      incarnation: 1,
      message: '',
    });
    await daemon.client.control(id, { stop: { force: true } });
  });
});

describe.concurrent('a restarted simulation begins', () => {
  test('with a seed derived from its own', async () => {
    const script: FakeWorkerScript = { says_start: true, crash: { at: 'registered', incarnations: 1 } };
    const id = await startFake(daemon.client, script, { workerType: 'seeded', seed: '42' });
    await untilIncarnation(id, 2);
    await daemon.client.control(id, { stop: {} });
    expect(await startLines(id)).toEqual([`incarnation 2, seed ${derivedSeed(42n, 2)}, restored undefined`]);
  });

  test('where its last snapshot was, also when a half one lies beside it; the snapshots go with its record', async () => {
    const script: FakeWorkerScript = { says_start: true, half_snapshot: true, heartbeat_ms: 50 };
    const id = await startFake(daemon.client, script, { workerType: 'saving', startPaused: true });
    await daemon.client.untilState(id, 'PAUSED');
    await daemon.client.control(id, { step: { ticks: 7 } });
    const answer = await daemon.client.control(id, { snapshot: { name: 'seven' } });
    expect(answer).toMatchObject({ completed: true, snapshotRef: 'seven', tick: '7' });
    process.kill(workerProcess(id, daemon.folder) ?? 0, 'SIGKILL');
    await untilIncarnation(id, 2, 'PAUSED');
    await until('it tells its tick', async () => (await daemon.client.get(id)).lastTick === '7');
    await daemon.client.control(id, { stop: {} });
    const folder = join(daemon.folder, 'data/snapshots');
    expect(await startLines(id)).toEqual([`incarnation 2, seed undefined, restored ${join(folder, id, 'seven')}`]);
    expect(readdirSync(join(folder, id)).sort()).toEqual(['seven', 'seven-next.tmp']);
    await daemon.client.call(clientMethods.RemoveSimulation, { simulationId: id });
    await until('its snapshots have gone', () => !readdirSync(folder).includes(id));
  });
});

test.concurrent('a run says itself how it is restarted', async () => {
  const script: FakeWorkerScript = { crash: { at: 'registered', code: 3 } };
  const override = { policy: 'RESTART_POLICY_NEVER' } as const;
  const never = await startFake(daemon.client, script, { restart: override });
  expect(await daemon.client.untilState(never, 'FAILED')).toMatchObject({
    reason: 'WORKER_CRASHED',
    incarnation: 1,
    restart: { policy: 'RESTART_POLICY_NEVER' },
  });
});

test.concurrent('a worker type whose every start fails is not started for a while, and is listed with the reason', async () => {
  const script: FakeWorkerScript = { crash: { at: 'launch', code: 3, last_words: 'no water' } };
  const id = await startFake(daemon.client, script, { workerType: 'broken' });
  const waiting = await until('its breaker is open', async () => {
    const simulation = await daemon.client.get(id);
    return simulation.state === 'SIMULATION_STATE_RESTARTING' && simulation.restarts === 2 && simulation;
  });
  expect(waiting.nextTryAt).not.toBeNull();
  const type = (await daemon.client.workerTypes()).find(({ name }) => name === 'broken');
  expect(type).toMatchObject({ available: false, reason: expect.stringMatching(/last 2 starts failed.*no water/s) });
  const refused = await failureOf(startFake(daemon.client, {}, { workerType: 'broken' }));
  expect(refused).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'CAPACITY_EXHAUSTED',
    message: expect.stringContaining('broken is not started now'),
    metadata: { limit: 'restart.breaker' },
  });
  expect(await daemon.client.control(id, { stop: {} })).toMatchObject({ state: 'SIMULATION_STATE_STOPPED' });
});

test('restarts, stalls and the breaker are in the metrics, by worker type', async () => {
  const metrics = await daemon.metrics();
  expect(metrics).toMatch(/^shoal_restarts_total{worker_type="broken"} 2$/m);
  expect(metrics).toMatch(/^shoal_restarts_total{worker_type="fake"} [1-9]/m);
  expect(metrics).toMatch(/^shoal_stalls_total{worker_type="fake"} [1-9]/m);
  expect(metrics).toMatch(/^shoal_worker_type_breaker_open{worker_type="broken"} 1$/m);
});
