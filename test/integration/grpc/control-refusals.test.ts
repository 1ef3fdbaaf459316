import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType(), puppetType({ name: 'rigid', options: { commands: ['pause', 'resume'] } })],
    limits: { command_timeout: '300ms' },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function listening(request: object = {}) {
  const puppet = await startRegistered(daemon, request);
  const commands = puppet.receiveCommands();
  await commands.live;
  const id = puppet.ids.simulationId;
  const refusal = (command: ControlSimulationRequest) => failureOf(daemon.client.control(id, command));
  return { puppet, commands, id, refusal };
}

describe('ControlSimulation refuses', () => {
  test('a simulation that there is not, naming it', async () => {
    expect(await failureOf(daemon.client.control('nobody', { pause: {} }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'SIMULATION_NOT_FOUND',
      metadata: { simulation_id: 'nobody' },
    });
  });

  test('no command at all', async () => {
    const { refusal } = await listening();
    expect(await refusal({})).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'command' } });
  });

  test.each([
    ['resume', { resume: {} }, {}, 'RUNNING', 'PAUSED'],
    ['step', { step: {} }, {}, 'RUNNING', 'PAUSED'],
    ['pause', { pause: {} }, { startPaused: true }, 'PAUSED', 'RUNNING'],
  ])('%s where it is not allowed, naming the state and where it is', async (command, given, start, state, allowed) => {
    const { refusal, commands } = await listening(start);
    expect(await refusal(given)).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ILLEGAL_TRANSITION',
      message: expect.stringContaining(`${command} is not possible in ${state}`),
      metadata: { command, state, allowed_in: allowed },
    });
    expect(commands.messages).toEqual([]);
  });

  test('any command before the worker has registered, but not stop', async () => {
    const { ids } = await startPuppet(daemon);
    await daemon.client.untilState(ids.simulationId, 'STARTING');
    const failure = await failureOf(daemon.client.control(ids.simulationId, { custom: { commandKey: 'feed' } }));
    expect(failure).toMatchObject({ code: 'FAILED_PRECONDITION', metadata: { allowed_in: 'RUNNING,PAUSED' } });
    const stopped = await daemon.client.control(ids.simulationId, { stop: {} });
    expect(stopped).toMatchObject({ state: 'SIMULATION_STATE_STOPPED' });
  });

  test('any command after the end, stop included', async () => {
    const { id, refusal } = await listening();
    await daemon.client.control(id, { stop: { force: true } });
    for (const command of [{ pause: {} }, { reset: {} }, { stop: {} }]) {
      expect(await refusal(command)).toMatchObject({
        reason: 'ILLEGAL_TRANSITION',
        metadata: { state: 'STOPPED' },
      });
    }
  });

  test.each([
    ['set_speed', { setSpeed: {} }],
    ['custom', { custom: { commandKey: 'feed' } }],
    ['snapshot', { snapshot: {} }],
  ])('%s for a worker type that does not support it, naming both', async (command, given) => {
    const { refusal } = await listening({ workerType: 'rigid' });
    expect(await refusal(given)).toMatchObject({
      code: 'UNIMPLEMENTED',
      reason: 'CAPABILITY_UNSUPPORTED',
      metadata: { command, worker_type: 'rigid' },
    });
  });

  test('a command that this worker did not name when it registered', async () => {
    const puppet = await startPuppet(daemon);
    await puppet.register({ supportedCommands: ['pause'] });
    const failure = await failureOf(daemon.client.control(puppet.ids.simulationId, { setSpeed: {} }));
    expect(failure).toMatchObject({ code: 'UNIMPLEMENTED', metadata: { command: 'set_speed' } });
  });

  test.each([
    ['agent_action.agent_id', { agentAction: { agentId: 'a.b' } }],
    ['custom.command_key', { custom: { commandKey: 'orchestrator.control.pause' } }],
    ['custom.command_key', { custom: { commandKey: 'worker.x' } }],
    ['custom.command_key', { custom: { commandKey: 'ai.x' } }],
    ['custom.command_key', { custom: { commandKey: 'a..b' } }],
    ['set_speed.ticks_per_second', { setSpeed: { ticksPerSecond: Number.NaN } }],
    ['set_speed.ticks_per_second', { setSpeed: { ticksPerSecond: -1 } }],
    ['stop.grace', { stop: { grace: { seconds: -1 } } }],
    ['timeout', { pause: {}, timeout: { nanos: -1 } }],
    ['reset.config.depth', { reset: { config: { fields: { depth: { numberValue: Number.NaN } } } } }],
  ])('a bad %s', async (field, command) => {
    const { refusal } = await listening();
    expect(await refusal(command)).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field } });
  });

  test('another revision than the present one, which it names; the present one is accepted', async () => {
    const { id, refusal } = await listening();
    const { revision } = await daemon.client.get(id);
    expect(await refusal({ pause: {}, expectedRevision: String(Number(revision) - 1) })).toMatchObject({
      code: 'ABORTED',
      reason: 'REVISION_CONFLICT',
      metadata: { revision },
    });
    const stop = { stop: { force: true }, expectedRevision: revision };
    expect(await daemon.client.control(id, stop)).toMatchObject({ completed: true });
  });
});

describe('a command that the worker', () => {
  test('refuses is answered OK with its code and message, and changes nothing', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { pause: {} });
    const [command] = await commands.count(1);
    await puppet.acknowledge(command?.eventId ?? '', { ok: false, code: 9, message: 'not while feeding' });
    expect(await answer).toMatchObject({
      completed: true,
      code: 9,
      message: 'not while feeding',
      phase: 'COMMAND_PHASE_REFUSED',
      state: 'SIMULATION_STATE_RUNNING',
    });
  });

  test('refuses without a code has one all the same', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { pause: {} });
    const [command] = await commands.count(1);
    await puppet.acknowledge(command?.eventId ?? '', { ok: false });
    expect((await answer).code).not.toBe(0);
  });

  test('never acknowledges is DEADLINE_EXCEEDED after command_timeout, or after its own timeout, with its command id', async () => {
    const { commands, refusal } = await listening();
    for (const [nth, timeout] of [undefined, { nanos: 50_000_000 }].entries()) {
      const failure = await refusal({ custom: { commandKey: `feed.${nth}` }, ...(timeout ? { timeout } : {}) });
      const command = commands.messages.find(({ eventTypeKey }) => eventTypeKey === `feed.${nth}`);
      expect(failure).toMatchObject({ code: 'DEADLINE_EXCEEDED', reason: 'TIMED_OUT' });
      expect(failure.metadata).toMatchObject({ command_id: command?.eventId });
    }
  });

  test('has a month for is not timed out at once', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { pause: {}, timeout: { seconds: 30 * 86_400 } });
    const [command] = await commands.count(1);
    await puppet.acknowledge(command?.eventId ?? '');
    expect(await answer).toMatchObject({ completed: true });
  });

  test('does not live to acknowledge is UNAVAILABLE, saying how it ended', async () => {
    const { puppet, commands, id } = await listening();
    const failure = failureOf(daemon.client.control(id, { custom: { commandKey: 'x' }, timeout: { seconds: 20 } }));
    await commands.count(1);
    await daemon.client.control(id, { stop: { force: true } });
    expect(await failure).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'WORKER_UNREACHABLE',
      message: expect.stringContaining('ended by SIGKILL'),
      metadata: { worker_id: puppet.ids.workerId },
    });
  });

  test('does not listen for is UNAVAILABLE at once', async () => {
    const { ids } = await startRegistered(daemon);
    expect(await failureOf(daemon.client.control(ids.simulationId, { pause: {} }))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'WORKER_UNREACHABLE',
      metadata: { simulation_id: ids.simulationId },
    });
  });
});

describe("the caller's own deadline", () => {
  test('ends the call but not the command: an acknowledgement after it still has its effect', async () => {
    const { puppet, commands, id } = await listening();
    const failure = await failureOf(
      daemon.client.control(id, { pause: {}, timeout: { seconds: 20 } }, { deadlineMs: 200 }),
    );
    expect(failure.code).toBe('DEADLINE_EXCEEDED');
    await puppet.acknowledge(commands.messages[0]?.eventId ?? '');
    await daemon.client.untilState(id, 'PAUSED');
  });

  test("or its going away while a stop is waited for is nobody's error", async () => {
    const { id, refusal } = await listening();
    const gone = new AbortController();
    const stop = { stop: { grace: { seconds: 3_600 } } };
    const failure = failureOf(daemon.client.control(id, stop, { signal: gone.signal }));
    await daemon.client.untilState(id, 'STOPPING');
    gone.abort();
    expect((await failure).code).toBe('CANCELLED');
    expect(await refusal({ pause: {} })).toMatchObject({ metadata: { state: 'STOPPING' } });
    expect(daemon.log.errors).toEqual([]);
    await daemon.client.control(id, { stop: { force: true } });
  });
});
