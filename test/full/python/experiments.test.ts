import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PseudoTerminal } from '../../../scripts/recording/pseudo-terminal.ts';
import { fishType } from '../../e2e/runs/worker-types.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { workerProcess } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import { runProgram } from '../../support/run-program.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { ExperimentManager } from './experiment-manager.ts';
import { expectPytestToPass } from './pytest.ts';

const MAX_WORKERS = 2;
/** As fast as they can. */
const QUICK = { fish: 3, ticks: 30, ticks_per_second: 0 };
/** They would take hours. */
const ENDLESS = { params_override: { ticks: 0, ticks_per_second: 5 } };

let python: string;
let folder: string;
let daemon: ChildDaemon;
let managers: ExperimentManager[];
let terminals: PseudoTerminal[];

beforeAll(async () => {
  python = await pythonEnvironment();
}, 900_000);
beforeEach(async () => {
  managers = [];
  terminals = [];
  folder = await mkdtemp(join(tmpdir(), 'shoal-experiments-'));
  const limits = { max_workers: MAX_WORKERS, register_timeout: '60s' };
  daemon = await spawnDaemon({ workerTypes: [fishType({ limits })] });
});
afterEach(async () => {
  for (const manager of managers) await manager[Symbol.asyncDispose]();
  for (const terminal of terminals) terminal.kill();
  await daemon?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly run_id_suffix: string;
  readonly [field: string]: unknown;
}

async function writePlan(runs: readonly Run[], more: object = {}): Promise<void> {
  await writeFile(join(folder, 'base.yaml'), JSON.stringify(QUICK));
  const plan = { experiment_name: 'e', worker_type: 'fish', base_config_path: 'base.yaml', runs, ...more };
  await writeFile(join(folder, 'plan.yaml'), JSON.stringify(plan));
}

async function launch(runs: readonly Run[], more: object = {}): Promise<ExperimentManager> {
  await writePlan(runs, more);
  const manager = new ExperimentManager(python, folder, daemon.addresses.clients);
  managers.push(manager);
  return manager;
}

async function listed(): Promise<string[]> {
  const { simulations } = await daemon.client.list({});
  return simulations.map(({ simulationId }) => simulationId).sort();
}

function running(id: string): Promise<true> {
  const state = () => daemon.client.get(id).then((simulation) => simulation.state);
  // It may not be there yet.
  return until(`${id} runs`, async () => (await state().catch(() => '')) === 'SIMULATION_STATE_RUNNING');
}

function onTerminal() {
  let screen = '';
  const address = daemon.addresses.clients;
  const command = [python, '-m', 'shoal_sim.experiments', join(folder, 'plan.yaml'), '--address', address];
  const terminal = new PseudoTerminal([...command, '--manifest', join(folder, 'manifest.json')], {
    columns: 120,
    rows: 30,
    environment: { PATH: process.env['PATH'] ?? '' },
    onOutput: (text) => {
      screen += text;
    },
  });
  terminals.push(terminal);
  return { terminal, screen: () => screen };
}

test('a plan with more runs than there is room for is run to its end, and written down', async () => {
  const manager = await launch([
    { run_id_suffix: 'a', seed: 7, labels: { kind: 'plain' } },
    { run_id_suffix: 'b', params_override: { ticks: 40, food: 5 } },
    { run_id_suffix: 'c' },
    { run_id_suffix: 'd', max_run_time: '700ms', ...ENDLESS },
  ]);
  expect(await manager.exited(), manager.stderr).toBe(0);
  expect(manager.stderr).toMatch(/no room for e-[cd] now/);
  const { runs, ...whole } = await manager.manifest();
  expect(whole).toMatchObject({ experiment_name: 'e', worker_type: 'fish', complete: true });
  expect(whole.plan_sha256).toMatch(/^[0-9a-f]{64}$/);
  const common = { state: 'COMPLETED', reason: 'COMPLETED', as_planned: true, exit_code: 0, attached: false };
  expect(runs).toMatchObject([
    { simulation_id: 'e-a', seed: 7, last_tick: 30, config: { fish: 3, ticks: 30 }, ...common },
    { simulation_id: 'e-b', seed: null, last_tick: 40, config: { fish: 3, ticks: 40, food: 5 }, ...common },
    { simulation_id: 'e-c', last_tick: 30, ...common },
    { simulation_id: 'e-d', state: 'STOPPED', reason: 'MAX_RUN_TIME', as_planned: true },
  ]);
  expect(runs.every((run) => run.events_logged >= run.last_tick && run.started_at < run.ended_at)).toBe(true);
  expect((await daemon.client.get('e-a')).labels).toMatchObject({ kind: 'plain', 'shoal-sim.experiment': 'e' });
});

test('the same plan again starts nothing, and a run that was changed is refused before anything is started', async () => {
  const runs = [{ run_id_suffix: 'a' }, { run_id_suffix: 'b' }];
  expect(await (await launch(runs)).exited()).toBe(0);
  const again = await launch(runs);
  expect(await again.exited()).toBe(0);
  expect((await again.manifest()).runs).toMatchObject([{ attached: true }, { attached: true }]);
  expect(await listed()).toEqual(['e-a', 'e-b']);

  const changed = await launch([{ run_id_suffix: 'new' }, { run_id_suffix: 'b', seed: 1 }]);
  expect(await changed.exited()).toBe(2);
  expect(changed.stderr).toContain('e-b: this id is taken by a run that is not this one');
  expect(await listed()).toEqual(['e-a', 'e-b']);
});

test('a manager that is killed is followed by another, which attaches to what runs and starts the rest', async () => {
  const runs = [
    { run_id_suffix: 'slow', params_override: { ticks: 60, ticks_per_second: 20 } },
    { run_id_suffix: 'then' },
    { run_id_suffix: 'last' },
  ];
  const first = await launch(runs);
  await running('e-slow');
  first.signal('SIGKILL');
  await first.exited();
  const second = await launch(runs);
  expect(await second.exited(), second.stderr).toBe(0);
  const manifest = await second.manifest();
  expect(manifest.runs[0]).toMatchObject({ attached: true, state: 'COMPLETED', last_tick: 60 });
  expect(await listed()).toEqual(['e-last', 'e-slow', 'e-then']);
  expect((await daemon.client.get('e-slow')).incarnation).toBe(1);
});

test('an interrupt stops the runs that go, and starts no more', async () => {
  const manager = await launch(['a', 'b', 'c'].map((suffix) => ({ run_id_suffix: suffix, ...ENDLESS })));
  await Promise.all([running('e-a'), running('e-b')]);
  manager.signal('SIGINT');
  expect(await manager.exited(), manager.stderr).toBe(130);
  expect(await listed()).toEqual(['e-a', 'e-b']);
  expect((await manager.manifest()).runs).toMatchObject([
    { state: 'STOPPED', reason: 'STOPPED_BY_REQUEST', as_planned: false },
    { state: 'STOPPED' },
    { state: 'NOT_STARTED', started_at: null },
  ]);
});

test('on a terminal it shows a bar and asks once; a second interrupt leaves the runs as they are', async () => {
  await writePlan([{ run_id_suffix: 'a', ...ENDLESS }]);
  const first = onTerminal();
  await until('the bar counts the run', () => first.screen().includes('running=1'));
  first.terminal.type('\x03');
  await until('it asks', () => first.screen().includes('Stop the 1 runs'));
  first.terminal.type('\x03');
  expect(await first.terminal.exited()).toBe(130);
  expect(first.screen()).toContain('left as they are');
  expect((await daemon.client.get('e-a')).state).toBe('SIMULATION_STATE_RUNNING');

  const second = onTerminal();
  await until('the bar counts the run', () => second.screen().includes('running=1'));
  second.terminal.type('\x03');
  await until('it asks', () => second.screen().includes('Stop the 1 runs'));
  second.terminal.type('\r');
  expect(await second.terminal.exited()).toBe(130);
  expect((await daemon.client.get('e-a')).state).toBe('SIMULATION_STATE_STOPPED');
});

test('a run that fails makes the exit code 1', async () => {
  const manager = await launch([{ run_id_suffix: 'killed', ...ENDLESS }, { run_id_suffix: 'good' }]);
  await running('e-killed');
  const pid = workerProcess('e-killed', daemon.folder);
  // Never a default: 0 and -1 are whole groups.
  if (pid === undefined) throw new Error('no process of e-killed');
  process.kill(pid, 'SIGKILL');
  expect(await manager.exited()).toBe(1);
  expect((await manager.manifest()).runs).toMatchObject([
    { state: 'FAILED', reason: 'WORKER_CRASHED', exit_code: null, exit_signal: 'SIGKILL', as_planned: false },
    { state: 'COMPLETED', as_planned: true },
  ]);
});

test('mistakes are told all at once, and nothing is started', async () => {
  const wrong = await launch([{ run_id_suffix: 'ok' }, { run_id_suffix: 'a b', seed: 'x' }], { extra: 1 });
  expect(await wrong.exited()).toBe(2);
  for (const field of ['extra', 'runs[1].run_id_suffix', 'runs[1].seed'])
    expect(wrong.stderr).toContain(`plan: ${field}`);
  const unknown = await launch([{ run_id_suffix: 'ok' }], { worker_type: 'whale' });
  expect(await unknown.exited()).toBe(2);
  expect(unknown.stderr).toContain("worker_type: 'whale' is not known there; known are fish");
  expect(await listed()).toEqual([]);
});

test('without a daemon the exit code is 69', async () => {
  const { exitCode, stderr } = await runProgram(
    python,
    ['-m', 'shoal_sim.experiments', 'examples/python/plans/foraging.yaml', '--address', '127.0.0.1:1'],
    { cwd: join(import.meta.dirname, '../../..') },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 69, stderr: expect.stringContaining('UNAVAILABLE') });
});

test('the rest of it does by itself what it says', async () => {
  await expectPytestToPass(python, 'tests/experiments');
});
