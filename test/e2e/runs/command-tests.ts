import { describe, expect, test } from 'vitest';
import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import type { Stage } from './stage.ts';

const { AgentAction } = loadProtos().tree.fes.simulation.agent;
const action = AgentAction.serialize({ moveDelta: 1, turnDeltaDegrees: 90, attemptEat: true });
const contentType = 'application/protobuf; message=fes.simulation.agent.AgentAction';

/** In this order; with the state that each leads to. */
const COMMANDS: [name: string, command: ControlSimulationRequest, state: string][] = [
  ['pause', { pause: {} }, 'PAUSED'],
  ['step', { step: { ticks: 3 } }, 'PAUSED'],
  ['set_speed', { setSpeed: { ticksPerSecond: 50 } }, 'PAUSED'],
  ['inject_agent', { injectAgent: { payload: Buffer.from('{"pos_x":1,"pos_y":1}') } }, 'PAUSED'],
  ['resume', { resume: {} }, 'RUNNING'],
  ['reset', { reset: { seed: '5' } }, 'RUNNING'],
];

/** Every command of the contract, to both kinds of workers, while all the others report. */
export function commandTests(stage: () => Stage): void {
  const client = () => stage().daemon.client;

  describe.each(['fish', 'fake'] as const)('the %s worker, by its command transport,', (kind) => {
    const id = () => stage().ensemble.commanded[kind];

    test.each(COMMANDS)('acknowledges %s', async (_name, command, state) => {
      const answer = await client().control(id(), { ...command, timeout: { seconds: 30 } });
      expect(answer).toMatchObject({ completed: true, code: 0, phase: 'COMMAND_PHASE_APPLIED' });
      expect(answer.state).toBe(`SIMULATION_STATE_${state}`);
      expect((await client().get(id())).state).toBe(`SIMULATION_STATE_${state}`);
    });

    test('acknowledges agent_action', async () => {
      const agentId = kind === 'fish' ? await anyFish() : 'agent-1';
      const agentAction = { agentId, action, contentType };
      expect(await client().control(id(), { agentAction })).toMatchObject({ completed: true, code: 0 });
    });

    test('answers custom, each in its way', async () => {
      const custom = { commandKey: 'reef.feed', payload: Buffer.from('shrimp'), contentType: 'text/plain' };
      const answer = client().control(id(), { custom });
      // A school of fish says when it registers that it knows no custom commands.
      if (kind === 'fish') expect(await failureOf(answer)).toMatchObject({ code: 'UNIMPLEMENTED' });
      else expect(await answer).toMatchObject({ completed: true, code: 0, result: Buffer.from('shrimp') });
    });

    test('has no snapshot, which is not built yet', async () => {
      expect(await failureOf(client().control(id(), { snapshot: {} }))).toMatchObject({
        code: 'UNIMPLEMENTED',
        metadata: { command: 'snapshot' },
      });
    });

    test('may refuse, and then nothing has changed', async () => {
      const agentAction = { agentId: 'no-such-fish', action, contentType };
      const answer = await client().control(id(), { agentAction });
      if (kind === 'fish') expect(answer).toMatchObject({ completed: true, code: 5, phase: 'COMMAND_PHASE_REFUSED' });
      expect(answer.state).toBe('SIMULATION_STATE_RUNNING');
    });

    /** One of those that the school begins with, and has just begun with again. */
    async function anyFish(): Promise<string> {
      const { bytes } = await until('a fish is seen', () =>
        stage()
          .witness.of(id())
          .find(({ subject }) => subject.endsWith('.observation')),
      );
      return readEnvelope(bytes).attributes['agent_id'] ?? '';
    }
  });

  test('a worker that is told to step makes its ticks, and no other', async () => {
    const { fish } = stage().ensemble.commanded;
    const { tick: before } = await client().control(fish, { pause: {} });
    const { tick: after } = await client().control(fish, { step: { ticks: 10 } });
    expect(Number(after) - Number(before)).toBe(10);
    expect((await client().get(fish)).lastTick).toBe(after);
    expect(await client().control(fish, { resume: {} })).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  });

  test('stop by command lets a worker end by itself, with 0; with force it is killed', async () => {
    const { client: calls } = stage().daemon;
    for (const [id, stop, end] of [
      ['stop-asked', { force: false }, { exitCode: 0, exitSignal: '' }],
      ['stop-forced', { force: true }, { exitSignal: 'SIGKILL' }],
    ] as const) {
      await calls.start({ simulationId: id, workerType: 'fake' });
      await calls.untilState(id, 'RUNNING');
      expect(await calls.control(id, { stop })).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', completed: true });
      expect(await calls.get(id)).toMatchObject({ reason: 'STOPPED_BY_REQUEST', ...end });
    }
  });

  test('reset of a worker type that cannot is a fresh process, PAUSED or RUNNING as before', async () => {
    const { client: calls } = stage().daemon;
    await calls.start({ simulationId: 'run-of-rigid', workerType: 'rigid' });
    const { workerId } = await calls.untilState('run-of-rigid', 'RUNNING');
    const answer = await calls.control('run-of-rigid', { reset: {}, timeout: { seconds: 60 } });
    expect(answer).toMatchObject({ completed: true, state: 'SIMULATION_STATE_RUNNING' });
    const after = await calls.get('run-of-rigid');
    expect(after).toMatchObject({ incarnation: 2, restarts: 0 });
    expect(after.workerId).not.toBe(workerId);
    await calls.control('run-of-rigid', { stop: { force: true } });
  });
}
