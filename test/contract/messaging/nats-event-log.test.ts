import { type JetStreamManager, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import { type NatsConnection as Client, connect } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { entry, idsBySimulation } from './log-entries.ts';
import { natsConfig, never, readStream, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

let server: RunningNatsServer;
let client: Client;
let manager: JetStreamManager;
let recording: RecordingLog;
/** Its own for each test: a server may bring a stream that was just deleted back to life under the same name. */
let name: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startNatsServer();
  client = await connect({ servers: server.url });
  manager = await jetstreamManager(client);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  recording = new RecordingLog();
  name = `LOG_${crypto.randomUUID()}`;
});
afterEach(async () => {
  // Before the streams go: a log that is told to look makes a stream that is gone again.
  for (const stop of stops.splice(0)) await stop();
  const names: string[] = [];
  for await (const { config } of manager.streams.list()) names.push(config.name);
  for (const each of names) await manager.streams.delete(each);
});

async function open(stream: Partial<NatsStreamConfig> = {}, options: NatsEventLogOptions = {}): Promise<NatsEventLog> {
  const config = natsConfig(server.url, { name, ...stream });
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, { drainTimeoutMs: 200, ...options });
  stops.push(async () => {
    await log.stop();
    await connection.stop();
  });
  await log.start(never());
  return log;
}

function remarks(): unknown[] {
  return recording.lines.flatMap(({ fields }) => ('remark' in fields ? [fields['remark']] : []));
}

describe('the stream', () => {
  test('is created as configured, with the subjects of the contract', async () => {
    await open({ storage: 'memory', maxBytes: 10_000_000, maxAgeMs: 3_600_000, duplicateWindowMs: 60_000 });
    const { config } = await manager.streams.info(name);
    expect(config).toMatchObject({
      subjects: ['logging.events.raw', 'logging.events.raw.>'],
      storage: 'memory',
      num_replicas: 1,
      max_bytes: 10_000_000,
      max_age: 3_600_000 * 1e6,
      duplicate_window: 60_000 * 1e6,
      discard: 'old',
    });
    expect(remarks()).toEqual([]);
  });

  test.each([
    ['logging.events.raw', 'logging.events.raw'],
    ['logging.events.raw.{simulation_id}.{event_type_key}', 'logging.events.raw.sim-1.sim.world_state.v1'],
    ['logging.events.raw.{simulation_id}', 'logging.events.raw.sim-1'],
    ['audit.{simulation_id}.{event_type_key}', 'audit.sim-1.sim.world_state.v1'],
    ['audit.of.{simulation_id}.end', 'audit.of.sim-1.end'],
  ])('with the template %s holds events under %s', async (subject, expected) => {
    const log = await open({ subject });
    await log.append([entry('sim-1', 'e1')]);
    const message = await manager.streams.getMessage(name, { last_by_subj: expected });
    expect(message?.header.get('Nats-Msg-Id')).toBe('sim-1/e1');
  });

  test.each(['', 'a b', 'a..b', 'a.*', 'a.>', 'a.{event_type_key}.b', 'a.{agent_id}', 'a.x{simulation_id}'])(
    'cannot have the template %j',
    (subject) => {
      const config = natsConfig(server.url, { subject });
      expect(() => new NatsEventLog({} as never, config, recording)).toThrow(/^messaging\.nats\.stream\.subject: /);
    },
  );

  test('that exists under the name is used and not changed; differences are logged', async () => {
    const subjects = ['logging.events.raw', 'logging.events.raw.>', 'more.>'];
    await manager.streams.add({ name, subjects, max_bytes: 5_000_000, discard: 'new' });
    const before = (await manager.streams.info(name)).config;
    const log = await open();
    await log.append([entry('sim-1', 'e1')]);
    expect((await manager.streams.info(name)).config).toEqual(before);
    expect(remarks()).toEqual([
      expect.stringContaining('discard: new'),
      expect.stringContaining('max_bytes is 5000000, not 0'),
    ]);
  });

  test('of another name that captures the subjects is found, used and named in the log', async () => {
    await manager.streams.add({ name: 'PLATFORM', subjects: ['logging.>'] });
    const log = await open();
    await log.append([entry('sim-1', 'e1'), entry('sim-1', 'e2')]);
    expect(idsBySimulation(await readStream(server.url, 'PLATFORM'))).toEqual({ 'sim-1': ['e1', 'e2'] });
    expect(remarks()).toEqual([expect.stringContaining('PLATFORM captures the subjects already')]);
  });

  test('of another name that captures a part of the subjects is an error that names both', async () => {
    await manager.streams.add({ name: 'PART', subjects: ['logging.events.raw.sim-1.>'] });
    await expect(open()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/PART .*captures logging\.events\.raw\.sim-1\.>, not logging\.events\.raw, /),
    });
  });

  test.each<[string, Partial<StreamConfig>, RegExp]>([
    ['captures something else', { subjects: ['elsewhere.>'] }, /captures elsewhere\.>, not logging\.events\.raw/],
    ['does not acknowledge', { no_ack: true }, /no_ack/],
    ['keeps by interest only', { retention: 'interest' }, /retention: interest/],
    ['forgets ids too soon', { duplicate_window: 1_000 * 1e6 }, /duplicate_window is 1000 ms, less than .*120000 ms/],
  ])('that %s is refused with the reason', async (_what, differs, reason) => {
    const subjects = ['logging.events.raw', 'logging.events.raw.>'];
    await manager.streams.add({ name, subjects, ...differs });
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(reason) });
  });

  test('that is a mirror is refused', async () => {
    await manager.streams.add({ name: 'ORIGIN', subjects: ['origin.>'] });
    await manager.streams.add({ name, mirror: { name: 'ORIGIN' } });
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('mirror') });
  });

  test('that the server will not create is an error with its reason', async () => {
    await expect(open({ replicas: 3 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(name),
    });
  });

  test('in an age limit shorter than the duplicate window gets the shorter window', async () => {
    await open({ maxAgeMs: 60_000, duplicateWindowMs: 120_000 });
    expect((await manager.streams.info(name)).config.duplicate_window).toBe(60_000 * 1e6);
  });
});

describe('append', () => {
  test('counts what the server had already', async () => {
    const log = await open();
    await log.append([entry('sim-1', 'e1'), entry('sim-2', 'e1')]);
    await log.append([entry('sim-1', 'e1'), entry('sim-2', 'e2')]);
    expect(log.statistics).toMatchObject({ stored: 4, duplicates: 1, inFlight: 0, waitingBatches: 0, recoveries: 0 });
  });

  test('rejects what is larger than the stream takes, by index, and stores the rest', async () => {
    const subjects = ['logging.events.raw', 'logging.events.raw.>'];
    await manager.streams.add({ name, subjects, max_msg_size: 1_000 });
    const log = await open();
    const receipt = await log.append([entry('s', 'e1'), entry('s', 'e2', new Uint8Array(2_000)), entry('s', 'e3')]);
    expect(receipt).toMatchObject({
      lastSequence: 2,
      rejected: [{ index: 1, reason: expect.stringContaining('size') }],
    });
    expect(log.statistics.recoveries).toBe(0);
  });

  test('to a full stream waits, then rejects with the reason; with room again it goes on', async () => {
    const subjects = ['logging.events.raw', 'logging.events.raw.>'];
    await manager.streams.add({ name, subjects, max_msgs: 2, discard: 'new' });
    const log = await open({}, { giveUpAfterMs: 400 });
    const batch = [entry('s', 'e1'), entry('s', 'e2'), entry('s', 'e3')];
    await expect(log.append(batch)).rejects.toMatchObject({
      code: 'BUS_UNAVAILABLE',
      message: expect.stringContaining('maximum messages'),
    });
    await manager.streams.update(name, { max_msgs: -1 });
    await log.append(batch);
    expect(idsBySimulation(await readStream(server.url, name))).toEqual({ s: ['e1', 'e2', 'e3'] });
  });

  test('while the stream is missing waits for it', async () => {
    const log = await open();
    const { config } = await manager.streams.info(name);
    await manager.streams.delete(name);
    const appended = log.append([entry('s', 'e1'), entry('s', 'e2')]);
    await vi.waitUntil(() => log.statistics.recoveries > 0);
    await manager.streams.add(config);
    expect(await appended).toMatchObject({ lastSequence: 2, rejected: [] });
  });

  test('makes a stream that was deleted again, and stores there what was not acknowledged', async () => {
    const log = await open();
    await log.append([entry('s', 'e1')]);
    await manager.streams.delete(name);
    expect(await log.append([entry('s', 'e2')])).toMatchObject({ lastSequence: 1, rejected: [] });
    await vi.waitUntil(() =>
      recording.lines.some(({ message }) => message.startsWith('event log stream is another one')),
    );
    expect(log.trouble).toBeUndefined();
  });

  test('without a stream that captures its subjects rejects after a while and says so', async () => {
    const log = await open({}, { giveUpAfterMs: 1_000 });
    await manager.streams.update(name, { subjects: ['somewhere.else.>'] });
    await expect(log.append([entry('s', 'e1')])).rejects.toMatchObject({
      code: 'BUS_UNAVAILABLE',
      message: expect.stringContaining('cannot hold the log: it captures somewhere.else.>, not'),
    });
  });

  test('before start is refused', async () => {
    const config = natsConfig(server.url);
    const connection = await startedConnection(config, recording);
    onTestFinished(() => connection.stop());
    const log = new NatsEventLog(connection, config, recording);
    await expect(log.append([entry('s', 'e1')])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });
});
