import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import type { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { processesMentioning, workerProcess } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { fakeType, fishType, plainType } from '../runs/worker-types.ts';
import { type DaemonLives, daemonLives } from './daemon-lives.ts';

const adopted = { orphans: 'adopt' };

/** Waits for the file `go` beside the configuration, and exits with what is in the run's configuration. */
const waiting = {
  name: 'waiting',
  plugin: 'executable',
  options: {
    executable: 'sh',
    args: ['-c', 'echo waits; while [ ! -e go ]; do sleep 0.02; done; echo goes; exit "$(cat "$SHOAL_CONFIG_FILE")"'],
    cwd: '.',
    register: 'none',
  },
  ...adopted,
};

const tickOf = async (client: DaemonClient, id: string) => Number((await client.get(id)).lastTick);
const stateOf = async (client: DaemonClient, id: string) => {
  const { state, reason } = await client.get(id);
  return `${state.replace('SIMULATION_STATE_', '')} ${reason}`.trim();
};
const ticksRise = async (client: DaemonClient, id: string) => {
  const before = await tickOf(client, id);
  await until(`the ticks of ${id} rise`, async () => (await tickOf(client, id)) > before);
};
const runFolders = ({ folder }: DaemonLives) => readdirSync(join(folder, 'data', 'run'));

test('a daemon killed twice in a row: its fish go on, obey, and are heard; a worker that is to end with it has ended', async () => {
  await using lives = await daemonLives([
    { ...fishType(), ...adopted },
    plainType(),
    { ...plainType(), name: 'kept', ...adopted },
  ]);
  const first = await lives.start();
  for (const [simulationId, workerType] of Object.entries({ f: 'fish', p: 'plain', k: 'kept' })) {
    await first.client.start({ simulationId, workerType });
    await first.client.untilState(simulationId, 'RUNNING');
  }
  await ticksRise(first.client, 'f');
  const { workerId } = await first.client.get('f');
  const pids = Object.fromEntries(['f', 'p', 'k'].map((id) => [id, workerProcess(id, lives.folder)]));
  await lives.kill();
  expect(['f', 'p', 'k'].map((id) => workerProcess(id, lives.folder))).toEqual([pids['f'], pids['p'], pids['k']]);

  const second = await lives.start();
  expect(await stateOf(second.client, 'p')).toBe('FAILED ENDED_WITH_DAEMON');
  expect((await second.client.get('p')).message).toContain('its daemon was killed');
  expect(['f', 'p', 'k'].map((id) => workerProcess(id, lives.folder))).toEqual([pids['f'], undefined, pids['k']]);
  expect(await second.client.get('f')).toMatchObject({ workerId, incarnation: 1, state: 'SIMULATION_STATE_RUNNING' });
  await ticksRise(second.client, 'f');
  await second.client.control('f', { pause: {} });
  const output = second.client.output({ simulationId: 'k', tailLines: 10 });
  await output.until((messages) => messages.some(({ line }) => line === 'k is up'));
  await lives.kill();

  const third = await lives.start();
  expect([await stateOf(third.client, 'f'), await stateOf(third.client, 'k')]).toEqual(['PAUSED', 'RUNNING']);
  const held = await tickOf(third.client, 'f');
  await until('the fish are connected', () => third.client.control('f', { step: { ticks: '2' } }).catch(() => false));
  expect(await tickOf(third.client, 'f')).toBe(held + 2);
  await third.client.control('f', { resume: {} });
  await ticksRise(third.client, 'f');
  for (const id of ['f', 'k']) await third.client.control(id, { stop: {} });
  expect(await third.client.get('f')).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0 });
  expect(await third.client.get('k')).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitSignal: 'SIGTERM' });
  const left = () => [...processesMentioning(lives.folder), ...runFolders(lives)];
  await until('nothing of them is left', () => left().length === 0);
});

test('over NATS too an adopted worker goes on and obeys, and none of its events is logged twice', async () => {
  await using server = await startNatsServer();
  await using lives = await daemonLives([{ ...fishType(), ...adopted }], server.url);
  const first = await lives.start();
  await first.client.start({ simulationId: 'f', workerType: 'fish' });
  await first.client.untilState('f', 'RUNNING');
  await ticksRise(first.client, 'f');
  await lives.kill();
  const { client } = await lives.start();
  await ticksRise(client, 'f');
  await client.control('f', { pause: {} });
  await client.control('f', { stop: {} });
  const events = client.subscribe({ simulationId: 'f', eventTypeKeys: ['sim.world_state.v1'], fromBeginning: true });
  expect(await events.ended()).toMatchObject({ code: 'OK' });
  const ordinals = events.messages.map(({ bytes }) => Number(readEnvelope(bytes).ordinal));
  expect(ordinals.length).toBeGreaterThan(2);
  expect(ordinals).toEqual([...new Set(ordinals)].sort((a, b) => a - b));
});

test('what ended while no daemon was there ended as it ended; leftovers are removed, strangers are not touched', async () => {
  await using lives = await daemonLives([waiting]);
  const first = await lives.start();
  for (const [simulationId, code] of Object.entries({ well: 0, badly: 7 })) {
    await first.client.start({
      simulationId,
      workerType: 'waiting',
      configBlob: Buffer.from(String(code)),
      configContentType: 'text/plain',
    });
    await first.client.untilState(simulationId, 'RUNNING');
  }
  await lives.kill();
  writeFileSync(join(lives.folder, 'go'), '');
  await until('both have ended', () => processesMentioning(lives.folder).length === 0);
  const run = join(lives.folder, 'data', 'run');
  mkdirSync(join(run, 'w-forgotten'));
  const marked = (workerId: string) =>
    spawn('sleep', ['600'], { env: { ...process.env, SHOAL_WORKER_ID: workerId }, stdio: 'ignore' });
  const [ours, stranger] = [marked('w-forgotten'), marked('w-forgotten2')];
  try {
    const { client } = await lives.start();
    expect(await client.get('well')).toMatchObject({ state: 'SIMULATION_STATE_COMPLETED', exitCode: 0 });
    expect(await client.get('badly')).toMatchObject({
      state: 'SIMULATION_STATE_FAILED',
      reason: 'WORKER_CRASHED',
      exitCode: 7,
      message: expect.stringContaining('waits | goes'),
    });
    await until('the leftover is ended', () => ours.signalCode === 'SIGKILL');
    expect([stranger.exitCode, stranger.signalCode, existsSync(join(run, 'w-forgotten'))]).toEqual([null, null, false]);
  } finally {
    for (const child of [ours, stranger]) child.kill('SIGKILL');
  }
});

test.each([adopted, { orphans: 'end' }])(
  'a start that was answered before SIGKILL, sent again afterwards, has started one simulation (%o)',
  async (orphans) => {
    await using lives = await daemonLives([{ ...fakeType(), ...orphans }]);
    const request = { workerType: 'fake', requestId: 'once' };
    const first = await lives.start();
    const { simulationId } = await first.client.start(request);
    await lives.kill();
    const { client } = await lives.start();
    expect((await client.start(request)).simulationId).toBe(simulationId);
    await client.untilState(simulationId, 'RUNNING');
    expect((await client.list()).simulations).toHaveLength(1);
    const launched = processesMentioning(`SHOAL_SIMULATION_ID=${simulationId}`);
    expect(launched.filter((pid) => workerProcess(simulationId, lives.folder) === pid)).toHaveLength(1);
    expect(runFolders(lives)).toEqual([(await client.get(simulationId)).workerId]);
  },
);

test('a daemon killed while it stops a simulation: the next one has stopped it', async () => {
  await using lives = await daemonLives([{ ...fakeType({ stop: { grace: '1h' } }), ...adopted }]);
  const first = await lives.start();
  const config = { ignore: ['stop', 'SIGTERM'], children: ['session'] };
  await first.client.start({ simulationId: 's', workerType: 'fake', config: plainToStruct(config) });
  await first.client.untilState('s', 'RUNNING');
  await first.client.control('s', { stop: {}, waitForCompletion: false });
  await first.client.untilState('s', 'STOPPING');
  await lives.kill();
  const { client } = await lives.start();
  expect(await stateOf(client, 's')).toBe('STOPPED STOPPED_BY_REQUEST');
  expect(processesMentioning(lives.folder)).toEqual([]);
});
