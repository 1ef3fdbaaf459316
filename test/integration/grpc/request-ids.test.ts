import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const start = (request: StartSimulationRequest) => daemon.client.start({ workerType: 'puppet', ...request });

describe('StartSimulation with a request_id', () => {
  test('given again, even at the same time, starts one simulation and answers with it', async () => {
    const request = { requestId: 'r-1', labels: { a: 'b' } };
    const [one, two] = await Promise.all([start(request), start(request)]);
    const three = await start(request);
    expect([two?.simulationId, three.simulationId]).toEqual([one?.simulationId, one?.simulationId]);
  });

  test('given again with its maps in another order, as Go writes them, is the same request', async () => {
    const one = { stringValue: '1' };
    const two = { structValue: { fields: { c: one, d: one } } };
    const owd = { structValue: { fields: { d: one, c: one } } };
    const first = await start({ requestId: 'r-2', labels: { a: '1', b: '2' }, config: { fields: { x: one, y: two } } });
    const again = await start({ requestId: 'r-2', labels: { b: '2', a: '1' }, config: { fields: { y: owd, x: one } } });
    expect(again.simulationId).toBe(first.simulationId);
  });

  test.each([
    ['labels', { labels: { a: 'c' } }],
    ['seed', { seed: '2' }],
    ['blob', { configBlob: Buffer.from('y'), configContentType: 'text/plain' }],
  ])('given again with another %s is refused', async (what, other) => {
    const requestId = `r-3-${what}`;
    const blob = { configBlob: Buffer.from('x'), configContentType: 'text/plain' };
    await start({ requestId, labels: { a: 'b' }, seed: '1', ...blob });
    expect(await failureOf(start({ requestId, labels: { a: 'b' }, seed: '1', ...blob, ...other }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'request_id' },
    });
  });

  test('that failed may be tried again', async () => {
    await failureOf(start({ requestId: 'r-4', workerType: 'whale' }));
    await expect(start({ requestId: 'r-4' })).resolves.toBeDefined();
  });

  test('and an id is the same request again, while the id with another request_id is in use', async () => {
    await start({ requestId: 'r-5', simulationId: 'named' });
    await expect(start({ requestId: 'r-5', simulationId: 'named' })).resolves.toMatchObject({ simulationId: 'named' });
    expect(await failureOf(start({ requestId: 'r-6', simulationId: 'named' }))).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  test('longer than 128 characters is refused', async () => {
    expect(await failureOf(start({ requestId: 'r'.repeat(129) }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'request_id' },
    });
  });
});

describe('ControlSimulation with a request_id', () => {
  test('given again while it waits joins its command, and given again later gets its answer', async () => {
    const puppet = await startRegistered(daemon);
    const commands = puppet.receiveCommands();
    await commands.live;
    const step = () =>
      daemon.client.control(puppet.ids.simulationId, { requestId: 'c-1', custom: { commandKey: 'feed' } });
    const both = [step(), step()];
    const [command] = await commands.count(1);
    await puppet.acknowledge(command?.eventId ?? '', { ok: true, tick: 7 });
    const [one, two] = await Promise.all(both);
    const three = await step();
    expect(one).toMatchObject({ completed: true, tick: '7', commandId: command?.eventId });
    expect([two, three]).toEqual([one, one]);
    expect(commands.messages).toHaveLength(1);
  });

  test('given again after it timed out re-attaches to its command, and does not give it twice', async () => {
    const puppet = await startRegistered(daemon);
    const commands = puppet.receiveCommands();
    await commands.live;
    const step = () => {
      const command = { requestId: 'c-3', custom: { commandKey: 'feed' }, timeout: { nanos: 200_000_000 } };
      return daemon.client.control(puppet.ids.simulationId, command);
    };
    const failure = await failureOf(step());
    const [command] = await commands.count(1);
    expect(failure).toMatchObject({ code: 'DEADLINE_EXCEEDED', metadata: { command_id: command?.eventId } });
    const again = step();
    await puppet.acknowledge(command?.eventId ?? '', { ok: true, tick: 7 });
    expect(await again).toMatchObject({ completed: true, tick: '7', commandId: command?.eventId });
    expect(new Set(commands.messages.map(({ eventId }) => eventId)).size).toBe(1);
  });

  test('that joined another caller is not ended by that one going away', async () => {
    const puppet = await startRegistered(daemon);
    const commands = puppet.receiveCommands();
    await commands.live;
    const gone = new AbortController();
    const stop = { requestId: 'c-4', stop: { grace: { seconds: 60 } } };
    const first = failureOf(daemon.client.control(puppet.ids.simulationId, stop, { signal: gone.signal }));
    await commands.count(1);
    const second = daemon.client.control(puppet.ids.simulationId, stop);
    // The daemon has it once it answers what came behind it.
    await daemon.client.info();
    gone.abort();
    expect((await first).code).toBe('CANCELLED');
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    expect(await second).toMatchObject({ completed: true, state: 'SIMULATION_STATE_STOPPED' });
  });

  test('is apart from StartSimulation with the same request_id', async () => {
    const puppet = await startRegistered(daemon, { requestId: 'shared' });
    const stopped = await daemon.client.control(puppet.ids.simulationId, { requestId: 'shared', stop: {} });
    expect(stopped).toMatchObject({ state: 'SIMULATION_STATE_STOPPED' });
  });

  test('given again for another simulation or command is refused', async () => {
    const puppet = await startRegistered(daemon);
    const { simulationId } = puppet.ids;
    await puppet.receiveCommands().live;
    const control = (command: object) =>
      daemon.client.control(simulationId, { requestId: 'c-2', waitForCompletion: false, ...command });
    await control({ custom: { commandKey: 'feed' } });
    expect(await failureOf(control({ custom: { commandKey: 'starve' } }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
