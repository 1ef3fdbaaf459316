import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { brokenWorkerType } from '../../support/broken-worker/worker-type.ts';
import { type ConfigFolder, writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { processesWith } from '../cli/processes.ts';
import { type Ended, ShoalProcess, shoal } from '../cli/shoal-process.ts';

const SURPRISE = 'reports-declared-events';
const EXITS = 'outlives-a-rejected-event';

let folder: ConfigFolder;

beforeAll(async () => {
  folder = await writeConfig({ workerTypes: [undefined, SURPRISE, EXITS].map(brokenWorkerType) });
});

afterAll(() => folder[Symbol.asyncDispose]());

function conformance(args: readonly string[]): Promise<Ended> {
  return shoal(['conformance', '--config', folder.configFile, ...args]);
}

test('a check that fails is reported with what was expected, what was seen and what to do', async () => {
  const { exitCode, stdout, stderr } = await conformance(['--type', SURPRISE, '--only', `${SURPRISE},tells-the-time`]);
  expect(stdout).toMatch(/✓ tells-the-time {2}tells in timestamp_ns/);
  expect(stdout).toMatch(/✗ reports-declared-events {2}reports events of the keys that its type declares/);
  expect(stdout).toMatch(/expected +keys out of sim\.world_state\.v1, sim\.agent_observation\.v1/);
  expect(stdout).toMatch(/seen +"sim\.surprise\.v1"/);
  expect(stdout).toMatch(/to do +Add the key to `events` of the worker type.*See docs\/workers\.md#events\./);
  expect(stdout).toMatch(/worker type reports-declared-events: 1 passed, 1 failed\n$/);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'shoal: reports-declared-events failed\n' });
});

test('the last words of a worker that should not have ended are quoted', async () => {
  const { exitCode, stdout } = await conformance(['--type', EXITS, '--only', EXITS]);
  expect(stdout).toMatch(/seen .*the worker ended with exit code 1/);
  expect(stdout).toMatch(/it wrote +broken-worker: an event was rejected\n/);
  expect(exitCode).toBe(1);
});

test('programs get the same as JSON', async () => {
  const { exitCode, stdout } = await conformance(['--type', SURPRISE, '--only', SURPRISE, '--report', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    worker_type: SURPRISE,
    checks: [
      {
        id: SURPRISE,
        section: 'events',
        outcome: 'failed',
        seen: '"sim.surprise.v1"',
        expected: expect.stringContaining('sim.world_state.v1'),
        fix: expect.stringContaining('`events`'),
      },
    ],
    passed: 0,
    failed: 1,
  });
  expect(exitCode).toBe(1);
});

test('Ctrl-C ends all that works at the same time, the nats-servers too', async () => {
  const environment = { HOME: folder.folder, NATS_SERVER_BIN: inject('natsServer').path };
  const only = 'registers-in-time,hears-commands-over-nats,outlives-a-nats-restart,publishes-nothing-on-nats';
  const args = ['conformance', '--config', folder.configFile, '--type', 'right', '--only', only, '--jobs', '3'];
  await using examination = new ShoalProcess(args, { environment });
  const children = () => processesWith('HOME', folder.folder).filter((pid) => pid !== examination.child.pid);
  // Of three examinations, a nats-server and a worker each.
  await until('four processes of the examination', () => children().length >= 4);
  examination.child.kill('SIGINT');
  const { exitCode, stdout } = await examination.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  expect(children()).toEqual([]);
});
