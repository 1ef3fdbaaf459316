import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadersFolder } from '../../e2e/docs/page.ts';
import { fishType } from '../../e2e/runs/worker-types.ts';
import { expectClientOfThePage, PAGE } from '../../support/clients/page-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { mustRun, runProgram } from '../../support/run-program.ts';
import { findGo, type GoToolchain } from '../../support/toolchains/go.ts';

const root = resolve('.');
const module = resolve('examples/clients/go');

/** To compile gRPC and the plugins for the first time takes its while. */
const BUILD_TIMEOUT_MS = 280_000;

/** A count of events that the worker type has logged. */
const LOGGED = /^\d+ × sim\.(world_state|agent_died|agent_spawned)\.v1$/;

let go: GoToolchain;
let daemon: InProcessDaemon;
let bin: string;

const run = (args: readonly string[], cwd = module) =>
  mustRun(go.path, args, { cwd, env: go.env, timeoutMs: BUILD_TIMEOUT_MS });

beforeAll(async () => {
  go = await findGo();
  bin = await mkdtemp(join(tmpdir(), 'shoal-go-'));
  const buf = resolve('node_modules/.bin/buf');
  await mustRun(buf, ['generate', '--template', 'examples/clients/buf.gen.yaml'], {
    cwd: root,
    env: go.env,
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  await run(['build', '-o', join(bin, 'client'), '.']);
  daemon = await startDaemon({ workerTypes: [fishType()] });
}, 2 * BUILD_TIMEOUT_MS);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  if (bin !== undefined) await rm(bin, { recursive: true, force: true });
});

/** Of the same release as `go`. */
const gofmt = async (): Promise<string> => join((await run(['env', 'GOROOT'])).trim(), 'bin', 'gofmt');

const client = (...args: readonly string[]) =>
  runProgram(join(bin, 'client'), ['-address', daemon.addresses.clients, ...args], { cwd: bin });

describe('the Go client', () => {
  test('is formatted and vetted, and its go.mod is tidy', async () => {
    const sources = (await readdir(module)).filter((file) => file.endsWith('.go'));
    expect(sources).toContain('main.go');
    expect(await mustRun(await gofmt(), ['-l', ...sources], { cwd: module })).toBe('');
    await run(['vet', './...']);
    expect(await run(['mod', 'tidy', '-diff'])).toBe('');
  });

  test('sees a run from its start to its last event, and steers it in between', async () => {
    const { exitCode, stdout, stderr } = await client('-id', 'go', '-seed', '11', '-ticks', '4', 'fish');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const simulation = await daemon.client.get('go');
    expect(simulation).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0, seed: '11' });
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, 3)).toEqual(['started go', 'subscribed', `running: worker ${simulation.workerId}`]);
    expect(lines[3]).toMatch(/^first event: sim\.\w+\.v1, \d+ bytes, on events\.simulation\.go\./);
    const pausedAt = Number(/^pause: PAUSED at tick (\d+)$/.exec(lines[4] ?? '')?.[1]);
    expect(lines[5]).toBe(`step: PAUSED at tick ${pausedAt + 4}`);
    expect(lines[6]).toBe(`resume: RUNNING at tick ${pausedAt + 4}`);
    expect(lines[7]).toBe(`stop: STOPPED at tick ${simulation.lastTick}`);
    // What is logged comes without a gap or a repeat.
    const logged = lines.filter((line) => LOGGED.test(line)).map((line) => Number.parseInt(line, 10));
    expect(logged.reduce((sum, count) => sum + count, 0)).toBe(Number(simulation.eventsLogged));
    expect(lines.at(-1)).toBe('the events have ended, 0 dropped');
  });

  test('tells status and reason of what is refused', async () => {
    const refused = await client('no-such-type');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^client: .*no-such-type.* \(NotFound, WORKER_TYPE_UNKNOWN\)\n$/);
    expect(await client()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('usage: client') });
  });

  test('of docs/clients.md starts, sees an event, pauses, and tells the reason of a refusal', async () => {
    await using page = await ReadersFolder.of(PAGE);
    const copy = join(page.path, 'module');
    await mkdir(copy);
    for (const part of ['go.mod', 'go.sum', 'gen']) await cp(join(module, part), join(copy, part), { recursive: true });
    await cp(join(page.path, 'client.go'), join(copy, 'client.go'));
    expect(await mustRun(await gofmt(), ['-l', 'client.go'], { cwd: copy })).toBe('');
    await run(['build', '-o', join(bin, 'of-the-page'), '.'], copy);
    const env = { SHOAL_ADDRESS: daemon.addresses.clients };
    await expectClientOfThePage(daemon.client, 'page-go', (id) =>
      runProgram(join(bin, 'of-the-page'), [id], { cwd: copy, env }),
    );
  });
});
