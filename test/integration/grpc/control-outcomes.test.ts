import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
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

  test('has a day for, the most that can be asked, is not timed out at once', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { pause: {}, timeout: { seconds: 86_400 } });
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
