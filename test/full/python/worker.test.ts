import { globSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { mustRun, runProgram } from '../../support/run-program.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { expectPytestToPass } from './pytest.ts';
import { reefType } from './reef-type.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGE = join(ROOT, 'examples', 'python');
const MINUTES_MS = 60_000;
const INSTALL_TIMEOUT_MS = 15 * MINUTES_MS;

let python: string;
let folder: string;
beforeAll(async () => {
  python = await pythonEnvironment();
  folder = await mkdtemp(join(tmpdir(), 'shoal-python-'));
}, INSTALL_TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the Python package', () => {
  test(
    'passes its own tests of workers, reef and agents',
    () => expectPytestToPass(python, 'tests/worker', 'tests/reef', 'tests/agent'),
    5 * MINUTES_MS,
  );

  test.each([
    ['ruff', ['ruff', 'check', '.']],
    ['the formatter', ['ruff', 'format', '--check', '.']],
    ['mypy', ['mypy']],
  ])(
    'passes %s',
    async (_what, args) => {
      await mustRun(python, ['-m', ...args], { cwd: PACKAGE, timeoutMs: 10 * MINUTES_MS });
    },
    10 * MINUTES_MS,
  );
});

describe('shoal conformance', () => {
  test.each(['reef', 'counter'])(
    'finds nothing wrong with the worker type %s',
    async (type) => {
      const config = join(PACKAGE, 'shoal.yaml');
      const args = ['-C', 'source', 'src/main.ts', 'conformance', '--config', config, '--type', type];
      const env = { NATS_SERVER_BIN: inject('natsServer').path };
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, {
        cwd: ROOT,
        env,
        timeoutMs: 5 * MINUTES_MS,
      });
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
    },
    5 * MINUTES_MS,
  );
});

describe.each(['grpc', 'nats'] as const)('a reef with commands over %s', (transport) => {
  const SNAPSHOT = 'middle';
  let server: RunningNatsServer | undefined;
  let daemon: ChildDaemon;
  let restoreFile: string;
  beforeAll(async () => {
    restoreFile = join(folder, `${transport}-${SNAPSHOT}`);
    const workerTypes = [reefType(python, transport), reefType(python, transport, { name: 'restored', restoreFile })];
    server = transport === 'nats' ? await startNatsServer() : undefined;
    daemon = await spawnDaemon({ workerTypes, ...(server === undefined ? {} : { natsUrl: server.url }) });
    await start('reef', 'reef');
  });
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  async function start(simulationId: string, workerType: string): Promise<void> {
    await daemon.client.start({ simulationId, workerType, seed: '7', startPaused: true });
    await daemon.client.untilState(simulationId, 'PAUSED');
  }

  /** What each fish observed from the last tick 0 or, without one, from the beginning, up to this tick. */
  async function observed(simulationId: string, upTo: number): Promise<string[]> {
    const events = daemon.client.subscribe({ simulationId, fromBeginning: true, noFollow: true });
    expect((await events.ended()).code).toBe('OK');
    const all = events.messages.map(({ bytes }) => readEnvelope(bytes));
    const begins = all.findLastIndex((it) => it.eventTypeKey === 'sim.world_state.v1' && it.attributes['tick'] === '0');
    return all
      .slice(Math.max(begins, 0))
      .filter((it) => it.eventTypeKey === 'sim.agent_observation.v1' && Number(it.attributes['tick']) <= upTo)
      .map((it) => `${it.attributes['tick']} ${it.attributes['agent_id']} ${it.eventPayload.toString('hex')}`);
  }

  test('holds at tick 0, and steps exactly', async () => {
    const step = await daemon.client.control('reef', { step: { ticks: '5' } });
    expect(step).toMatchObject({ tick: '5', state: 'SIMULATION_STATE_PAUSED', completed: true, code: 0 });
    const seen = await observed('reef', Number.POSITIVE_INFINITY);
    expect(new Set(seen.map((it) => it.split(' ')[0]))).toEqual(new Set(['0', '1', '2', '3', '4', '5']));
    expect(seen).toHaveLength(6 * 6);
  });

  test('goes on after a resume, and stands still after a pause', async () => {
    await daemon.client.control('reef', { setSpeed: { ticksPerSecond: 200 } });
    await daemon.client.control('reef', { resume: {} });
    await until('it goes on', async () => Number((await daemon.client.get('reef')).eventsReceived) > 500);
    const paused = await daemon.client.control('reef', { pause: {} });
    const ticks = new Set((await observed('reef', Number.POSITIVE_INFINITY)).map((it) => Number(it.split(' ')[0])));
    expect(Math.max(...ticks)).toBe(Number(paused.tick));
    const step = await daemon.client.control('reef', { step: { ticks: '1' } });
    expect(Number(step.tick)).toBe(Number(paused.tick) + 1);
  });

  test('observes the same again after a reset with the same seed, and something else with another', async () => {
    const seen: string[][] = [];
    for (const seed of ['7', '8', '7']) {
      expect(await daemon.client.control('reef', { reset: { seed } })).toMatchObject({ tick: '0', code: 0 });
      await daemon.client.control('reef', { step: { ticks: '10' } });
      seen.push(await observed('reef', 10));
    }
    expect(seen[0]).toHaveLength(11 * 6);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[1]).not.toEqual(seen[0]);
  });

  test('refuses what is wrong with a reset, and is as it was', async () => {
    const config = { fields: { fish: { stringValue: 'many' } } };
    const refused = await daemon.client.control('reef', { reset: { config } });
    expect(refused).toMatchObject({ completed: true, code: 3, tick: '10' });
    expect(refused.message).toContain("fish is 'many': expected a whole number from 0 to 1000");
  });

  test('goes on from a snapshot as the run does that it was taken of', async () => {
    await daemon.client.control('reef', { snapshot: { name: SNAPSHOT } });
    const files = globSync(`**/${SNAPSHOT}`, { cwd: daemon.folder });
    expect(files).toHaveLength(1);
    await cp(join(daemon.folder, files[0] ?? ''), restoreFile);
    await start('restored', 'restored');
    for (const id of ['reef', 'restored']) {
      expect((await daemon.client.control(id, { step: { ticks: '20' } })).tick).toBe('30');
    }
    const first = (await observed('reef', 30)).filter((it) => Number(it.split(' ')[0]) > 10);
    expect(first).toHaveLength(20 * 6);
    expect(await observed('restored', 30)).toEqual(first);
  });

  test('ends with 0 when it is stopped', async () => {
    await daemon.client.control('reef', { stop: {} });
    expect(await daemon.client.get('reef')).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0 });
  });
});
