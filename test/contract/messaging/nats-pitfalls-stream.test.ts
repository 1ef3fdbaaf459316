import { type JetStreamManager, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import { connect } from 'nats';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { type LossyProxy, lossyProxy } from '../../support/lossy-proxy.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { batches, entry, idsBySimulation } from './log-entries.ts';
import { natsConfig, never, readStream, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

const SUBJECTS = ['logging.events.raw', 'logging.events.raw.>'];
let recording: RecordingLog;
beforeEach(() => {
  recording = new RecordingLog();
});

async function serverFor(config = ''): Promise<{ server: RunningNatsServer; manager: JetStreamManager }> {
  const server = await startNatsServer({ config });
  const client = await connect({ servers: server.url });
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, manager: await jetstreamManager(client) };
}

async function open(
  url: string,
  stream: Partial<NatsStreamConfig> = {},
  options: NatsEventLogOptions = {},
): Promise<NatsEventLog> {
  const config = natsConfig(url, stream);
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, { drainTimeoutMs: 200, ...options });
  onTestFinished(async () => {
    await log.stop();
    await connection.stop();
  });
  await log.start(never());
  return log;
}

async function proxyTo(server: RunningNatsServer): Promise<LossyProxy> {
  const proxy = await lossyProxy(server.port);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

const remarks = (): unknown[] =>
  recording.lines.flatMap(({ fields }) => ('remark' in fields ? [fields['remark']] : []));

test('a server at its own limit (10023) is waited for, then said to be so; with room again it goes on', async () => {
  const { server, manager } = await serverFor('jetstream { max_file_store: 2MB }');
  const log = await open(server.url, {}, { giveUpAfterMs: 600 });
  const large = 'x'.repeat(500_000);
  const all = Array.from({ length: 8 }, (_, at) => entry('s', `e${at}`, large));
  await expect(log.append(all)).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('insufficient resources'),
  });
  const stored = (await readStream(server.url)).length;
  expect(stored).toBeGreaterThan(0);
  const repeated = log.append(all.slice(0, stored + 1));
  await vi.waitUntil(() => log.statistics.recoveries > 1);
  await manager.streams.purge('LOGGING_EVENTS');
  expect((await repeated).rejected).toEqual([]);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: [`e${stored}`] });
});

test('an acknowledgement that is lost costs nothing: what was stored is known by its id', async () => {
  const { server } = await serverFor();
  const proxy = await proxyTo(server);
  const log = await open(proxy.url, { ackTimeoutMs: 100 });
  await log.append([entry('s', 'first')]);
  proxy.swallowing = true;
  const appended = Promise.all(batches(['s', 't'], 20, 10).map((batch) => log.append(batch)));
  await vi.waitUntil(async () => (await readStream(server.url)).length === 201);
  await vi.waitUntil(() => log.statistics.recoveries > 0);
  proxy.swallowing = false;
  await appended;
  const ids = Array.from({ length: 100 }, (_, at) => `e${at}`);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: ['first', ...ids], t: ids });
  expect(log.statistics.duplicates).toBeGreaterThan(0);
});

test('a server that is silent until it is restarted, as after a full disk: appends end in time, say so, and may be repeated', async () => {
  const { server } = await serverFor();
  const proxy = await proxyTo(server);
  const log = await open(proxy.url, { ackTimeoutMs: 50 }, { giveUpAfterMs: 400 });
  await log.append([entry('s', 'e1')]);
  proxy.swallowing = true;
  for (let at = 0; at < 2; at += 1) {
    await expect(log.append([entry('s', 'e2'), entry('s', 'e3')])).rejects.toMatchObject({
      code: 'BUS_UNAVAILABLE',
      message: expect.stringMatching(/no acknowledgement within 50 ms.*restart it/),
    });
  }
  await server.restart();
  proxy.swallowing = false;
  await log.append([entry('s', 'e2'), entry('s', 'e3'), entry('s', 'e4')]);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: ['e1', 'e2', 'e3', 'e4'] });
});

test('a server that is to forget ids while events are still sent again is refused', async () => {
  const { server } = await serverFor();
  await expect(open(server.url, { duplicateWindowMs: 59_999 })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    metadata: { field: 'messaging.nats.stream.duplicate_window' },
    message: expect.stringContaining('at least 60000 ms'),
  });
  await open(server.url, { duplicateWindowMs: 60_000 });
});

test('waiting ends in time however long acknowledgements may take', async () => {
  const { server } = await serverFor();
  const proxy = await proxyTo(server);
  const log = await open(proxy.url, { ackTimeoutMs: 600_000 }, { giveUpAfterMs: 300 });
  proxy.swallowing = true;
  await expect(log.append([entry('s', 'e1')])).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('no acknowledgement'),
  });
  proxy.swallowing = false;
});

describe('an existing stream', () => {
  test.each<[string, Partial<StreamConfig>, string]>([
    [
      'refuses events of one subject while it has room for others: all the log would wait for that one',
      { max_msgs_per_subject: 10, discard: 'new', discard_new_per_subject: true } as Partial<StreamConfig>,
      'discard_new_per_subject',
    ],
  ])('is refused when it %s', async (_what, config, named) => {
    const { server, manager } = await serverFor();
    await manager.streams.add({ name: 'LOGGING_EVENTS', subjects: SUBJECTS, ...config });
    await expect(open(server.url)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(named),
    });
  });

  test('that captures what others publish to is named: who publishes there says where its acknowledgements go', async () => {
    const { server, manager } = await serverFor();
    await manager.streams.add({ name: 'LOGGING_EVENTS', subjects: [...SUBJECTS, 'events.>'] });
    await open(server.url);
    expect(remarks()).toEqual([expect.stringContaining('events.>')]);
  });
});
