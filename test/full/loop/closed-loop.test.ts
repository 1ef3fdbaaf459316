import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { MANIFEST_KEY } from '../../../src/domain/ledger/manifest.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { Program } from '../../support/program.ts';
import { mustRun } from '../../support/run-program.ts';
import { rustBinary } from '../../support/toolchains/cargo.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';

const TICKS_PER_SECOND = 20;
const SIMULATED_SECONDS = 60;
const CONTROLLED = 2;
const KEYS = ['world_state', 'agent_observation', 'agent_reward', 'agent_died', 'agent_spawned'];
const DURABLE = 'closed-loop';

const ids = Array.from({ length: 8 }, (_, at) => `reef-${at}`);
const settings = {
  fish: 10,
  max_fish: 20,
  controlled: CONTROLLED,
  ticks: TICKS_PER_SECOND * SIMULATED_SECONDS,
  ticks_per_second: TICKS_PER_SECOND,
};

let folder: string;
let python: string;
let server: RunningNatsServer;
let daemon: ChildDaemon;
let agent: Program;
let logger: Program;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-loop-'));
  const fish = await rustBinary('fish-worker');
  python = await pythonEnvironment();
  server = await startNatsServer();
  daemon = await spawnDaemon({ natsUrl: server.url, workerTypes: [fishType(fish)] });
  const logging = ['--nats', server.url, '--out', join(folder, 'parquet'), '--durable', DURABLE];
  logger = new Program(python, ['-m', 'shoal_sim.event_log', ...logging, '--flush-seconds', '1']);
  agent = new Program(python, ['-m', 'shoal_sim.agent', '--nats', server.url, '--simulation', 'all']);
}, 900_000);
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
  await logger?.[Symbol.asyncDispose]();
  await daemon?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Its worker keeps a journal of what it hands over to be sent. */
function fishType(executable: string): object {
  const events = KEYS.map((name) => ({ key: `sim.${name}.v1`, log: true }));
  const options = { executable, args: ['--journal', journalOf('{simulation_id}')], events };
  return { name: 'fish', plugin: 'executable', options, limits: { max_workers: ids.length } };
}

function journalOf(simulationId: string): string {
  return join(folder, `${simulationId}.journal`);
}

describe('eight simulations, an agent that steers fish of theirs, and the log on disk', () => {
  test('go through a minute of simulated time, and every run is completed', async () => {
    const started = ids.map((simulationId, seed) =>
      daemon.client.start({ simulationId, workerType: 'fish', config: plainToStruct(settings), seed: String(seed) }),
    );
    await Promise.all(started);
    for (const id of ids) {
      const isOver = async () => (await daemon.client.get(id)).state === 'SIMULATION_STATE_COMPLETED';
      await until(`${id} is completed`, isOver, 180_000);
      expect(agent.isRunning, agent.stderr).toBe(true);
      expect(logger.isRunning, logger.stderr).toBe(true);
      expect(await daemon.client.get(id)).toMatchObject({ lastTick: String(settings.ticks), exitCode: 0 });
    }
  });

  test('the actions of the agent came to all of them', async () => {
    const metrics = await daemon.metrics();
    const relayed = Number(/^shoal_agent_actions_relayed_total (\d+)/m.exec(metrics)?.[1] ?? 0);
    // An action answers an observation, and each controlled fish is observed in each tick; some come too late.
    expect(relayed).toBeGreaterThan((ids.length * CONTROLLED * settings.ticks) / 2);
    agent.signal('SIGTERM');
    expect(await agent.exited(), agent.stderr).toBe(0);
  });

  test('the rows in Parquet are the events that the workers sent, each once, and one manifest for each run', async () => {
    const connection = await connect({ servers: server.url });
    const manager = await jetstreamManager(connection);
    // A manifest is written once nothing more can come of its run: a moment after its worker has ended.
    const manifests = { subjects_filter: `logging.events.raw.*.${MANIFEST_KEY}` };
    await until('every run has its manifest', async () => {
      const { state } = await manager.streams.info('LOGGING_EVENTS', manifests);
      return Object.keys(state.subjects ?? {}).length === ids.length;
    });
    await until(
      'everything is on disk',
      async () => {
        const { num_pending, num_ack_pending } = await manager.consumers.info('LOGGING_EVENTS', DURABLE);
        return num_pending === 0 && num_ack_pending === 0;
      },
      120_000,
    );
    await connection.close();
    logger.signal('SIGTERM');
    expect(await logger.exited(), logger.stderr).toBe(0);
    const rows = await loggedRows();
    for (const id of ids) {
      const logged = rows.get(id) ?? [];
      const isManifest = (row: string) => row.endsWith(`\t${MANIFEST_KEY}`);
      const sent = (await readFile(journalOf(id), 'utf8')).trimEnd().split('\n');
      expect(sent.length).toBeGreaterThan(settings.ticks * CONTROLLED * 2);
      expect(logged.filter((row) => !isManifest(row)).sort(), id).toEqual(sent.sort());
      expect(logged.filter(isManifest), id).toHaveLength(1);
    }
    expect([...rows.keys()].sort()).toEqual(ids);
  });
});

/** For each simulation: `event id, tab, key`, as in the journals. */
async function loggedRows(): Promise<Map<string, string[]>> {
  const script = join(import.meta.dirname, 'logged-rows.py');
  const printed = await mustRun(python, [script, join(folder, 'parquet')], { cwd: folder });
  const rows = new Map<string, string[]>();
  for (const line of printed.trimEnd().split('\n')) {
    const [simulationId = '', ...row] = line.split('\t');
    const known = rows.get(simulationId);
    if (known === undefined) rows.set(simulationId, [row.join('\t')]);
    else known.push(row.join('\t'));
  }
  return rows;
}
