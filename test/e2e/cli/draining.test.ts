import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { ServedShoal, script } from './served-shoal.ts';
import { ShoalProcess } from './shoal-process.ts';

let daemon: ServedShoal;
beforeAll(async () => {
  daemon = await ServedShoal.start({ workerTypes: [script('plain', 'exec sleep 1000', { stop: { grace: '1s' } })] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const start = (id: string) => daemon.client.start({ workerType: 'plain', simulationId: id });

test('drain refuses new starts, undrain takes them again, and both may be repeated', async () => {
  for (let times = 0; times < 2; times += 1) {
    const { exitCode, stdout, stderr } = await daemon.shoal(['drain', '--address', daemon.address]);
    expect([exitCode, stdout, stderr]).toEqual([0, '', 'shoal: draining; no simulation is left\n']);
  }
  const refused = await daemon.shoal(['start', 'plain']);
  expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain('this daemon is draining');
  expect(refused.stderr).toContain('shoal undrain');
  expect(await daemon.done(['version'])).toMatch(/draining:\s+yes/);
  for (let times = 0; times < 2; times += 1) {
    const { exitCode, stdout, stderr } = await daemon.shoal(['undrain']);
    expect([exitCode, stdout, stderr]).toEqual([0, '', 'shoal: new simulations are taken again\n']);
  }
  expect(JSON.parse(await daemon.done(['undrain', '--address', daemon.address, '-o', 'json']))).toEqual({
    draining: false,
  });
  expect(await daemon.done(['version'])).not.toMatch(/draining/);
});

test('drain --wait tells how many are left until none is', async () => {
  await Promise.all([start('a'), start('b')]);
  await daemon.client.untilState('a', 'RUNNING');
  const waiting = daemon.begin(['drain', '--wait', '-o', 'json']);
  await waiting.said('2 simulations are left');
  await daemon.client.control('a', { stop: {} });
  await waiting.said('1 simulation is left');
  await daemon.client.control('b', { stop: {} });
  const { exitCode, stdout, stderr } = await waiting.ended;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ draining: true, remaining: 0 });
  expect(stderr.trimEnd().split('\n').at(-1)).toBe('shoal: draining; no simulation is left');
  await daemon.done(['undrain']);
});

test('drain --deadline stops what is left by then', async () => {
  await start('late');
  await daemon.client.untilState('late', 'RUNNING');
  expect((await daemon.shoal(['drain', '--deadline', '200ms', '--wait'])).exitCode).toBe(0);
  expect(await daemon.client.get('late')).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', reason: 'SHUTDOWN' });
  await daemon.done(['undrain']);
});

test('drain --wait fails when somebody ends the drain meanwhile', async () => {
  await start('c');
  const waiting = daemon.begin(['drain', '--wait']);
  await waiting.said('1 simulation is left');
  await daemon.done(['undrain']);
  const { exitCode, stderr } = await waiting.ended;
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('somebody ended the drain')]);
  await daemon.quiet();
  await until('it is over', async () => (await daemon.client.get('c')).state === 'SIMULATION_STATE_STOPPED');
});

test('a daemon that is told to stop while it waits for its NATS server ends at once, with 0', async () => {
  const messaging = { adapter: 'nats', nats: { urls: ['nats://127.0.0.1:1'], on_unavailable: 'wait' } };
  await using folder = await writeConfig({ sections: { messaging, shutdown: { timeout: '10s' } } });
  const serve = new ShoalProcess(['serve', '--config', folder.configFile], { environment: { HOME: folder.folder } });
  await serve.said('http listener started');
  const began = performance.now();
  serve.child.kill('SIGTERM');
  expect((await serve.ended).exitCode).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
});
