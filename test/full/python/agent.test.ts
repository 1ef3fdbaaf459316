import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { Program } from '../../support/program.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { reefType } from './reef-type.ts';

const { AgentReward } = loadProtos().tree.fes.simulation.agent;
const INSTALL_TIMEOUT_MS = 900_000;
/** More than half of a pellet: what only a fish earns that has eaten. */
const A_MEAL = 15;

let python: string;
let server: RunningNatsServer;
let daemon: ChildDaemon;
let agent: Program;
let witness: NatsConnection;
const actedIn = new Set<string>();

beforeAll(async () => {
  python = await pythonEnvironment();
  server = await startNatsServer();
  daemon = await spawnDaemon({ natsUrl: server.url, workerTypes: [reefType(python, 'nats')] });
  witness = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  witness.subscribe('commands.simulation.>', {
    callback: (_error, { subject }) => void actedIn.add(subject.split('.')[2] ?? ''),
  });
  agent = new Program(python, ['-m', 'shoal_sim.agent', '--nats', server.url, '--simulation', 'steered']);
  await until('the agent listens', () => agent.stderr.includes('listening'));
  // Without an agent these fish do nothing at all, and never eat.
  const config = plainToStruct({ instinct: false, fish: 4, food: 60, ticks_per_second: 20 });
  for (const simulationId of ['steered', 'left-alone']) {
    await daemon.client.start({ simulationId, workerType: 'reef', seed: '7', config });
  }
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
  await witness?.close();
  await daemon?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** Who has eaten so far, of all that is logged. */
async function eaters(simulationId: string): Promise<Set<string>> {
  const eventTypeKeys = ['sim.agent_reward.v1'];
  const events = daemon.client.subscribe({ simulationId, eventTypeKeys, fromBeginning: true, noFollow: true });
  await events.ended();
  return new Set(
    events.messages
      .map(({ bytes }) => readEnvelope(bytes))
      .filter(({ eventPayload }) => AgentReward.deserialize(eventPayload).reward > A_MEAL)
      .map(({ attributes }) => attributes['agent_id'] ?? ''),
  );
}

async function relayed(): Promise<number> {
  return Number(/^shoal_agent_actions_relayed_total (\d+)/m.exec(await daemon.metrics())?.[1] ?? 0);
}

describe('an agent process over NATS', () => {
  test('feeds the fish of its simulation, which would not eat by themselves', async () => {
    await until('every fish has eaten', async () => (await eaters('steered')).size === 4, 60_000);
  });

  test('leaves the other simulation alone', async () => {
    expect(await eaters('left-alone')).toEqual(new Set());
    expect(actedIn).toEqual(new Set(['steered']));
  });

  test('outlives a restart of the nats-server, and acts again', async () => {
    await server.restart();
    await until('the agent is connected again', () => agent.stderr.includes('connected again'));
    await until('the daemon is ready again', async () => (await daemon.readiness()) === '200 ready');
    const before = await relayed();
    await until('more actions come to the worker', async () => (await relayed()) > before + 50);
    expect(agent.isRunning, agent.stderr).toBe(true);
  });

  test('ends on SIGTERM with 0, and tells what it has done', async () => {
    agent.signal('SIGTERM');
    expect(await agent.exited(), agent.stderr).toBe(0);
    const counts = JSON.parse(/^\{.*\}$/m.exec(agent.stdout)?.[0] ?? '{}');
    expect(counts.actions).toBeGreaterThan(100);
    expect(counts.observations).toBeGreaterThanOrEqual(counts.actions);
    expect(counts.rewards).toBeGreaterThan(100);
    expect(counts).toMatchObject({ unreadable: 0, dropped: 0 });
    expect(counts.reconnects).toBeGreaterThanOrEqual(1);
  });
});
