import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { nextPuppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { COMMANDS } from './command-table.ts';

const messages = loadProtos().tree.fes.orchestration.v1;
const protobuf = (name: string) => `application/protobuf; message=fes.orchestration.v1.${name}`;
const payload = Buffer.from([0, 1, 255]);

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [
      puppetType(),
      puppetType({ name: 'mute', options: { acknowledges: false } }),
      puppetType({ name: 'rigid', options: { commands: ['pause'] } }),
    ],
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function listening(request: object = {}) {
  const puppet = await startRegistered(daemon, request);
  const commands = puppet.receiveCommands();
  await commands.live;
  return { puppet, commands, id: puppet.ids.simulationId };
}

describe('the command', () => {
  test.each(COMMANDS)(
    '%s reaches the worker as contract section 5 says',
    async (_name, given, paused, key, type, content) => {
      const { puppet, commands, id } = await listening({ startPaused: paused });
      const answer = daemon.client.control(id, given);
      const [command] = await commands.count(1);
      expect(command).toMatchObject({
        eventId: expect.stringMatching(/^[\x21-\x7e]{1,128}$/),
        eventTypeKey: key,
        simulationId: id,
        sourceWorkerId: expect.stringMatching(/^shoal-/),
        payloadContentType: protobuf(type),
        attributes: key === 'orchestrator.ai.action' ? { agent_id: 'fish-1' } : {},
      });
      const read = messages[type as 'StepCommand'];
      expect(read.deserialize(command?.eventPayload ?? Buffer.alloc(0))).toMatchObject(content as object);
      await puppet.acknowledge(command?.eventId ?? '', { ok: true, tick: 3 });
      expect(await answer).toMatchObject({
        commandId: command?.eventId,
        completed: true,
        code: 0,
        phase: 'COMMAND_PHASE_APPLIED',
        tick: '3',
      });
    },
  );

  test('custom has its own key, and its payload and content type as they came', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { custom: { commandKey: 'reef.feed', payload, contentType: 'a/b' } });
    const [command] = await commands.count(1);
    expect(command).toMatchObject({ eventTypeKey: 'reef.feed', eventPayload: payload, payloadContentType: 'a/b' });
    await puppet.acknowledge(command?.eventId ?? '', {
      ok: true,
      result: Buffer.from('full'),
      resultContentType: 't/p',
    });
    expect(await answer).toMatchObject({ completed: true, result: Buffer.from('full'), resultContentType: 't/p' });
  });

  test('stop is sent with the grace that the worker has, and answered when the worker has gone', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { stop: { grace: { seconds: 1, nanos: 500_000_000 } } });
    const [command] = await commands.count(1);
    expect(command?.eventTypeKey).toBe('orchestrator.control.stop_worker');
    expect(messages.StopCommand.deserialize(command?.eventPayload ?? Buffer.alloc(0))).toMatchObject({
      force: false,
      grace: { seconds: '1', nanos: 500_000_000 },
    });
    expect(await daemon.client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_STOPPING' });
    await puppet.acknowledge(command?.eventId ?? '');
    expect(await answer).toMatchObject({
      state: 'SIMULATION_STATE_STOPPED',
      completed: true,
      commandId: command?.eventId,
    });
    expect(await daemon.client.get(id)).toMatchObject({ reason: 'STOPPED_BY_REQUEST', exitSignal: 'SIGTERM' });
  });

  test('stop with force asks nobody and is done at once', async () => {
    const { commands, id } = await listening();
    const stopped = await daemon.client.control(id, { stop: { force: true, grace: { seconds: 60 } } });
    expect(stopped).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', completed: true });
    expect(commands.messages).toEqual([]);
    expect(await daemon.client.get(id)).toMatchObject({ exitSignal: 'SIGKILL' });
  });
});

describe('what a command leads to', () => {
  test('pause and resume change the state, step and a reset leave it, and reset puts the tick back', async () => {
    const { puppet, commands, id } = await listening();
    const give = async (command: ControlSimulationRequest, tick: number) => {
      const answer = daemon.client.control(id, command);
      const given = (await commands.count(commands.messages.length + 1)).at(-1);
      await puppet.acknowledge(given?.eventId ?? '', { ok: true, tick });
      const { state, tick: told } = await answer;
      const { state: recorded, lastTick } = await daemon.client.get(id);
      expect(recorded).toBe(state);
      return `${state.slice('SIMULATION_STATE_'.length)} ${told} ${lastTick}`;
    };
    expect(await give({ pause: {} }, 10)).toBe('PAUSED 10 10');
    expect(await give({ step: { ticks: 5 } }, 15)).toBe('PAUSED 15 15');
    expect(await give({ reset: {} }, 0)).toBe('PAUSED 0 0');
    expect(await give({ resume: {} }, 1)).toBe('RUNNING 1 1');
    expect(await give({ reset: {} }, 0)).toBe('RUNNING 0 0');
  });

  test('reset of a worker type without reset gives the run a new worker, not counted as a restart', async () => {
    const first = await startRegistered(daemon, { workerType: 'rigid', startPaused: true });
    const { simulationId } = first.ids;
    const answer = daemon.client.control(simulationId, { reset: { seed: '9' } });
    const second = await nextPuppet(simulationId, 2);
    expect(second.launch).toMatchObject({ incarnation: 2, seed: 9n });
    expect(await second.register()).toMatchObject({ resumed: false, desiredState: 'SIMULATION_STATE_PAUSED' });
    expect(await answer).toMatchObject({ completed: true, state: 'SIMULATION_STATE_PAUSED' });
    expect(await daemon.client.get(simulationId)).toMatchObject({
      incarnation: 2,
      restarts: 0,
      seed: '9',
      workerId: second.ids.workerId,
    });
  });

  test('a worker type that cannot acknowledge has done it when it is delivered', async () => {
    const { commands, id } = await listening({ workerType: 'mute' });
    expect(await daemon.client.control(id, { pause: {} })).toMatchObject({
      completed: true,
      state: 'SIMULATION_STATE_PAUSED',
      phase: 'COMMAND_PHASE_APPLIED',
    });
    await commands.count(1);
  });

  test('without wait_for_completion the answer comes with the delivery, and the effect with the acknowledgement', async () => {
    const { puppet, commands, id } = await listening();
    const answer = await daemon.client.control(id, { pause: {}, waitForCompletion: false });
    expect(answer).toMatchObject({
      completed: false,
      phase: 'COMMAND_PHASE_DELIVERED',
      state: 'SIMULATION_STATE_RUNNING',
    });
    const [command] = await commands.count(1);
    expect(command?.eventId).toBe(answer.commandId);
    await puppet.acknowledge(answer.commandId);
    await daemon.client.untilState(id, 'PAUSED');
  });
});
