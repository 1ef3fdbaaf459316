import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { MANIFEST_KEY } from '../../../src/domain/ledger/manifest.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered, workerMethods } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { callWith, INITIAL_WINDOW_SIZE } from '../../support/http2/frames.ts';
import { RawPeer } from '../../support/http2/raw-peer.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { command_timeout: '20s' } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function listening() {
  const puppet = await startRegistered(daemon);
  const commands = puppet.receiveCommands();
  await commands.live;
  return { puppet, commands, id: puppet.ids.simulationId };
}

const feed = (nth: number) => ({ custom: { commandKey: `feed.${nth}` }, waitForCompletion: false });

describe('ReceiveCommands', () => {
  test('sends headers when it is live: the next command arrives', async () => {
    const { commands, id } = await listening();
    await daemon.client.control(id, feed(1));
    expect((await commands.count(1))[0]?.eventTypeKey).toBe('feed.1');
  });

  test('called a second time ends the first ABORTED and takes over', async () => {
    const { puppet, commands, id } = await listening();
    const second = puppet.receiveCommands();
    expect(await commands.ended()).toMatchObject({ code: 'ABORTED', reason: 'REVISION_CONFLICT' });
    await second.live;
    await daemon.client.control(id, feed(1));
    await second.count(1);
    expect(commands.messages).toEqual([]);
  });

  test('cancelled leaves nobody listening', async () => {
    const { puppet, commands, id } = await listening();
    commands.cancel();
    await commands.ended();
    // The server hears of it a moment later.
    const events = daemon.client.control(id, { pause: {} });
    expect(await failureOf(events)).toMatchObject({ code: 'UNAVAILABLE', reason: 'WORKER_UNREACHABLE' });
    const again = puppet.receiveCommands();
    await again.live;
    await daemon.client.control(id, feed(2));
    await again.count(1);
  });

  test('carries a hundred commands at once, in order, without complaint from Node', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    const { commands, id } = await listening();
    const nths = Array.from({ length: 100 }, (_, nth) => nth);
    for (const nth of nths) await daemon.client.control(id, feed(nth));
    await Promise.all(nths.map((nth) => daemon.client.control(id, feed(nth))));
    // One that is not acknowledged is sent again after a while: on a slow machine before the last has been given.
    const once = (messages: readonly { eventId: string; eventTypeKey: string }[]) =>
      new Map(messages.map(({ eventId, eventTypeKey }) => [eventId, eventTypeKey]));
    const keys = once(await commands.until((messages) => once(messages).size === 200)).values();
    expect([...keys].slice(0, 100)).toEqual(nths.map((nth) => `feed.${nth}`));
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  test('sends a command again, under the same id, until it is acknowledged', async () => {
    const { puppet, commands, id } = await listening();
    const answer = daemon.client.control(id, { pause: {} });
    const [first, second] = await commands.count(2);
    expect(second).toEqual(first);
    await puppet.acknowledge(first?.eventId ?? '');
    expect(await answer).toMatchObject({ completed: true, state: 'SIMULATION_STATE_PAUSED' });
    await puppet.acknowledge(first?.eventId ?? '');
  });

  test("of a worker that does not read does not hold its caller beyond the command's time", async () => {
    const { commands, id } = await listening();
    commands.pause();
    const big = { injectAgent: { payload: Buffer.alloc(1_000_000) }, timeout: { seconds: 1 } };
    const began = performance.now();
    const failures = await Promise.all(Array.from({ length: 40 }, () => failureOf(daemon.client.control(id, big))));
    const reasons = new Set(failures.map(({ reason }) => reason));
    expect([...reasons].sort()).toEqual(['TIMED_OUT', 'WORKER_UNREACHABLE']);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('whose command is not taken in time may have brought it: its request, repeated, brings it under the same id', async () => {
    const puppet = await startRegistered(daemon);
    const id = puppet.ids.simulationId;
    // No byte of an answer fits.
    const stuck = await RawPeer.greeting(puppet.launch.grpcAddress, { [INITIAL_WINDOW_SIZE]: 0 });
    onTestFinished(() => stuck.destroy());
    const { path, requestSerialize } = workerMethods.ReceiveCommands;
    await stuck.read().write(callWith(1, path, requestSerialize(puppet.ids), puppet.launch.token));
    const command = { ...feed(1), requestId: 'once' };
    const refusal = await until('the daemon knows the stream', async () => {
      const failure = await failureOf(daemon.client.control(id, command));
      return failure.message.includes('is listening') ? undefined : failure;
    });
    expect(refusal).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'WORKER_UNREACHABLE',
      message: expect.stringContaining('may have been delivered'),
    });
    const commands = puppet.receiveCommands();
    await commands.live;
    const again = daemon.client.control(id, command);
    const [received] = await commands.count(1);
    expect(received?.eventId).toBe(refusal.metadata['command_id']);
    await puppet.acknowledge(received?.eventId ?? '');
    expect(await again).toMatchObject({ commandId: received?.eventId, completed: true });
  });
});

describe('acknowledgements', () => {
  test('of an id that is not awaited are accepted and change nothing', async () => {
    const { puppet, id } = await listening();
    await puppet.acknowledge('never-sent', { ok: true, state: 'SIMULATION_STATE_PAUSED' });
    expect(await daemon.client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  });

  test("of another worker's command do not count", async () => {
    const { puppet, commands, id } = await listening();
    const stranger = await startRegistered(daemon);
    const answer = daemon.client.control(id, { pause: {} });
    const [command] = await commands.count(1);
    await stranger.acknowledge(command?.eventId ?? '', { ok: false, code: 7 });
    await puppet.acknowledge(command?.eventId ?? '');
    expect(await answer).toMatchObject({ code: 0, state: 'SIMULATION_STATE_PAUSED' });
  });

  test('are neither published nor logged', async () => {
    const { puppet, id } = await listening();
    const events = daemon.client.subscribe({ simulationId: id });
    await events.live;
    expect(await puppet.acknowledge('x')).toEqual({ logged: false, logSequence: '0' });
    await daemon.client.control(id, { stop: { force: true } });
    await events.ended();
    expect(events.messages.map(({ bytes }) => readEnvelope(bytes).eventTypeKey)).toEqual([MANIFEST_KEY]);
  });
});
