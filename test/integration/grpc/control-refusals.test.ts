import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { listeningPuppet } from './listening-puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType(), puppetType({ name: 'rigid', options: { commands: ['pause', 'resume'] } })],
    limits: { command_timeout: '300ms' },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const listening = (request?: object) => listeningPuppet(daemon, request);

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
    // The launcher may answer after the worker has registered, and its answer is recorded too.
    await until('its launch is recorded', () =>
      daemon.log.lines.some(({ message, fields }) => message === 'worker launched' && fields['simulationId'] === id),
    );
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
