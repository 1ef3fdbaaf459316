import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { processesMentioning, workerProcess } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';
import { startFake } from './fake-runs.ts';
import { fakeType } from './worker-types.ts';

const some = (prefix: string, count = 100) => [{ key: 'fake.logged.v1', count, prefix }];

/** What each worker does wrong, and what is then said of its simulation. */
const WRONG: Record<string, [FakeWorkerScript, object]> = {
  'exits at once with 0': [
    { crash: { at: 'launch', code: 0 } },
    { state: 'SIMULATION_STATE_FAILED', reason: 'EXITED_BEFORE_REGISTERING', exitCode: 0 },
  ],
  'exits at once with 3, saying why': [
    { crash: { at: 'launch', code: 3, last_words: 'no water' } },
    {
      state: 'SIMULATION_STATE_FAILED',
      reason: 'EXITED_BEFORE_REGISTERING',
      exitCode: 3,
      message: expect.stringMatching(/exited 3 after \d+ ms; last lines: .*no water/),
    },
  ],
  'crashes by a signal after 50 events': [
    { events: some('crash'), crash: { at: 50, signal: 'SIGSEGV' } },
    { state: 'SIMULATION_STATE_FAILED', reason: 'WORKER_CRASHED', exitSignal: 'SIGSEGV', eventsLogged: '50' },
  ],
  'crashes with a code after 50 events': [
    { events: some('code'), crash: { at: 50, code: 70 } },
    { state: 'SIMULATION_STATE_FAILED', reason: 'WORKER_CRASHED', exitCode: 70, eventsLogged: '50' },
  ],
  'never registers': [
    { register: 'never' },
    { state: 'SIMULATION_STATE_FAILED', reason: 'REGISTER_TIMEOUT', exitSignal: 'SIGKILL' },
  ],
  'hangs before it registers': [
    { hang: { at: 'launch', how: 'loop' } },
    { state: 'SIMULATION_STATE_FAILED', reason: 'REGISTER_TIMEOUT', exitSignal: 'SIGKILL' },
  ],
  'stands still after heartbeats': [
    {
      heartbeat_ms: 100,
      events: some('still'),
      events_per_second: 100,
      batch_size: 10,
      hang: { at: 50, how: 'stopped' },
    },
    { state: 'SIMULATION_STATE_FAILED', reason: 'HEARTBEAT_LOST', exitSignal: 'SIGKILL', eventsLogged: '50' },
  ],
  'lies about its worker id': [
    { lie: { worker_id: 'w-somebody-else' } },
    { reason: 'EXITED_BEFORE_REGISTERING', message: expect.stringContaining('PERMISSION_DENIED') },
  ],
  'lies about its simulation id': [
    { lie: { simulation_id: 'somebody-elses' } },
    { reason: 'EXITED_BEFORE_REGISTERING', message: expect.stringContaining('PERMISSION_DENIED') },
  ],
  'has the wrong token': [
    { lie: { token: 'a-guess' } },
    { reason: 'EXITED_BEFORE_REGISTERING', message: expect.stringContaining('UNAUTHENTICATED') },
  ],
  'registers twice': [
    { register: 'twice', events: some('twice'), at_end: 'exit' },
    { state: 'SIMULATION_STATE_COMPLETED', reason: 'COMPLETED', exitCode: 0, eventsLogged: '100', incarnation: 1 },
  ],
  'reports on a stream': [
    { report: 'stream', events: some('stream'), at_end: 'exit' },
    { state: 'SIMULATION_STATE_COMPLETED', eventsReceived: '100', eventsLogged: '100' },
  ],
  'reports one by one': [
    { report: 'unary', events: some('unary'), at_end: 'exit' },
    { state: 'SIMULATION_STATE_COMPLETED', eventsReceived: '100', eventsLogged: '100' },
  ],
};

let daemon: ChildDaemon;
const ids = new Map<string, string>();

beforeAll(async () => {
  const hasty = fakeType({ name: 'hasty', limits: { register_timeout: '2s' } });
  daemon = await spawnDaemon({ workerTypes: [fakeType(), hasty], limits: { heartbeat_interval: '500ms' } });
  // All at once: they do not mind each other.
  for (const [name, [script]] of Object.entries(WRONG)) {
    const workerType = name.includes('regist') && !name.includes('twice') ? 'hasty' : 'fake';
    ids.set(name, await startFake(daemon.client, script, { workerType }));
  }
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('the simulation of a worker that', () => {
  test.each(Object.entries(WRONG))('%s ends as it must', async (name, [, outcome]) => {
    const id = ids.get(name) ?? '';
    const ended = await daemon.client.untilState(id, 'FAILED', 'COMPLETED');
    expect(ended).toMatchObject(outcome);
    expect(workerProcess(id, daemon.folder)).toBeUndefined();
  });
});

describe('a worker', () => {
  test('that ignores the stop command and SIGTERM is killed, with what it started', async () => {
    const script: FakeWorkerScript = { ignore: ['stop', 'SIGTERM'], children: ['group', 'group'], stdout: ['here'] };
    const id = await startFake(daemon.client, script);
    const { workerId } = await daemon.client.untilState(id, 'RUNNING');
    const family = () => processesMentioning(`SHOAL_WORKER_ID=${workerId}`);
    await until('its children run', () => family().length === 3);
    const stopped = await daemon.client.control(id, { stop: { grace: { nanos: 300_000_000 } } });
    expect(stopped).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', completed: true });
    expect(await daemon.client.get(id)).toMatchObject({ exitSignal: 'SIGKILL', reason: 'STOPPED_BY_REQUEST' });
    await until('no child is left', () => family().length === 0);
  });

  test('that crashes leaves no grandchild behind, not even one in a session of its own', async () => {
    const script: FakeWorkerScript = { children: ['group', 'session'], crash: { at: 'registered', signal: 'SIGKILL' } };
    const id = await startFake(daemon.client, script);
    const { workerId } = await daemon.client.untilState(id, 'FAILED');
    await until('no child is left', () => processesMentioning(`SHOAL_WORKER_ID=${workerId}`).length === 0);
  });

  test('that refuses commands is answered for with its code and message', async () => {
    const id = await startFake(daemon.client, { answers: 'refuse' });
    await daemon.client.untilState(id, 'RUNNING');
    const answer = await daemon.client.control(id, { pause: {} });
    expect(answer).toMatchObject({ completed: true, code: 9, message: 'as the script says' });
    await daemon.client.control(id, { stop: { force: true } });
  });
});

test('a worker that floods leaves its neighbour responsive', async () => {
  const flood = { events: some('flood', 50_000).map((each) => ({ ...each, payload_bytes: 500 })), batch_size: 500 };
  const [flooding, calm] = [await startFake(daemon.client, flood), await startFake(daemon.client, {})];
  await daemon.client.untilState(calm, 'RUNNING');
  await until('the flood has come', async () => Number((await daemon.client.get(flooding)).eventsReceived) > 1_000);
  const answer = await daemon.client.control(calm, { pause: {}, timeout: { seconds: 10 } });
  expect(answer).toMatchObject({ completed: true, state: 'SIMULATION_STATE_PAUSED' });
  await until('the flood is over', async () => (await daemon.client.get(flooding)).eventsLogged === '50000', 60_000);
  for (const id of [flooding, calm]) await daemon.client.control(id, { stop: {} });
  expect(daemon.log.filter(({ level }) => level === 50)).toEqual([]);
});
