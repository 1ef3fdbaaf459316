import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createConfigSource, loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { Daemon } from '../../../src/app/daemon.ts';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';
import { ReadersFolder } from './page.ts';

const FREE_PORTS = {
  SHOAL__GRPC__WORKER__LISTEN: '127.0.0.1:0',
  SHOAL__GRPC__CLIENT__LISTEN: '127.0.0.1:0',
  SHOAL__HTTP__LISTEN: '127.0.0.1:0',
};

/** Of the page's worker. */
const TICK_MS = 100;

let folder: ReadersFolder;

beforeAll(async () => {
  folder = await ReadersFolder.of('docs/workers.md');
});

afterAll(() => folder[Symbol.asyncDispose]());

describe('the worker of docs/workers.md', () => {
  let daemon: Daemon;
  let client: DaemonClient;

  beforeEach(async () => {
    // Workers look up `node` on the daemon's PATH, and a machine's own may be too old.
    vi.stubEnv('PATH', `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`);
    const environment = { ...FREE_PORTS, SHOAL__DATA_DIR: join(folder.path, 'data') };
    const loaded = loadConfig({ file: join(folder.path, 'worker.yaml'), environment });
    daemon = new Daemon(createConfigSource(loaded), loaded.config.baseDirectory, new RecordingLog());
    await daemon.start();
    client = new DaemonClient(daemon.addresses.clients);
  });

  afterEach(async () => {
    client.close();
    await daemon.stop();
    vi.unstubAllEnvs();
  });

  const startPaused = async (simulationId: string): Promise<string> => {
    await client.start({ workerType: 'counter', simulationId, startPaused: true });
    await client.untilState(simulationId, 'PAUSED');
    return simulationId;
  };

  test('starts, and goes on by itself', async () => {
    const { simulationId } = await client.start({ workerType: 'counter' });
    await client.untilState(simulationId, 'RUNNING');
    const events = client.subscribe({ simulationId, eventTypeKeys: ['counter.tick.v1'], newOnly: true });
    const [first, second] = await events.count(2);
    const count = (bytes: Buffer | undefined) =>
      JSON.parse(readEnvelope(bytes ?? Buffer.alloc(0)).eventPayload.toString()).count;
    expect(count(second?.bytes)).toBe(count(first?.bytes) + 1);
    events.cancel();
  });

  test('started paused, it holds at tick 0, and a step of 3 advances exactly 3', async () => {
    const id = await startPaused('steps');
    const events = client.subscribe({ simulationId: id, eventTypeKeys: ['counter.tick.v1'], newOnly: true });
    await events.live;
    const stepped = await client.control(id, { step: { ticks: '3' } });
    expect(stepped).toMatchObject({ state: 'SIMULATION_STATE_PAUSED', tick: '3', completed: true, code: 0 });
    await client.control(id, { stop: {} });
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    const counts = events.messages.map(({ bytes }) => readEnvelope(bytes).eventPayload.toString());
    expect(counts).toEqual(['{"count":1}', '{"count":2}', '{"count":3}']);
  });

  test('paused, it stands still; resumed, it goes on', async () => {
    const { simulationId: id } = await client.start({ workerType: 'counter' });
    await client.untilState(id, 'RUNNING');
    const logged = async () => Number((await client.get(id)).eventsLogged);
    await until('a tick', async () => (await logged()) > 0);
    let { tick } = await client.control(id, { pause: {} });
    // A worker that ticks on would do so within this time, and a step would find another tick than the one before left.
    for (const endMs = performance.now() + 5 * TICK_MS; performance.now() < endMs; ) {
      const stepped = await client.control(id, { step: {} });
      expect(Number(stepped.tick)).toBe(Number(tick) + 1);
      tick = stepped.tick;
    }
    expect(await logged()).toBe(Number(tick));
    await client.control(id, { resume: {} });
    await until('more ticks', async () => (await logged()) > Number(tick));
  });

  test('reset brings it back to tick 0', async () => {
    const id = await startPaused('resets');
    await client.control(id, { step: { ticks: '5' } });
    expect(await client.control(id, { reset: {} })).toMatchObject({ tick: '0', state: 'SIMULATION_STATE_PAUSED' });
    expect(await client.control(id, { step: { ticks: '2' } })).toMatchObject({ tick: '2' });
    expect((await client.get(id)).incarnation).toBe(1);
  });

  test('stop ends it with exit code 0', async () => {
    const id = await startPaused('stops');
    await client.control(id, { stop: {} });
    expect(await client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0, exitSignal: '' });
  });
});

test('the worker of docs/workers.md is TypeScript without a change', async () => {
  await folder.copy('counter.mjs', 'counter.mts');
  const paths = { 'shoal/worker': [resolve('src/worker/worker.ts')] };
  const compilerOptions = { paths, types: ['node'], typeRoots: [resolve('node_modules/@types')] };
  await folder.write(
    'tsconfig.json',
    JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, include: ['counter.mts'] }),
  );
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [exitCode]] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
  expect(output.join('')).toBe('');
  expect(exitCode).toBe(0);
});
