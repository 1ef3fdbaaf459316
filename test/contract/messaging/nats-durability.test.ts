import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import { syncsAlways } from '../../../src/adapters/nats/server-monitor.ts';
import { durabilityOf } from '../../../src/adapters/nats/stream-durability.ts';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { entry } from './log-entries.ts';
import { natsConfig, never, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

async function startLog(
  server: RunningNatsServer,
  stream: Partial<NatsStreamConfig>,
  options: NatsEventLogOptions,
): Promise<{ readonly log: NatsEventLog; readonly connection: NatsConnection }> {
  const recording = new RecordingLog();
  const config = natsConfig(server.url, stream);
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, options);
  onTestFinished(async () => {
    await log.stop();
    await connection.stop();
  });
  await log.start(never());
  return { log, connection };
}

async function aServer(options: { readonly config?: string } = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

describe('the durability of the log', () => {
  test('is memory for a stream in memory, acknowledged for one in files, fsynced where the server says so', async () => {
    const server = await aServer();
    const durability = async (...asked: Parameters<typeof startLog>) => (await startLog(...asked)).log.durability;
    expect(await durability(server, { storage: 'memory', name: 'M', subject: 'm.{simulation_id}' }, {})).toBe('memory');
    expect(await durability(server, {}, {})).toBe('acknowledged');
    expect(await durability(server, {}, { syncsAlways: async () => true })).toBe('fsynced');
  });

  test('is memory for a stream that acknowledges before it writes', () => {
    expect(durabilityOf({ storage: 'file', persist_mode: 'async' }, true)).toBe('memory');
  });

  test.each<[string, Partial<NatsStreamConfig>, NatsEventLogOptions, RegExp]>([
    [
      'acknowledged',
      { storage: 'memory' },
      { demanded: 'acknowledged' },
      /acknowledged is demanded.*LOGGING_EVENTS is kept in memory.*or demand memory$/,
    ],
    ['fsynced', {}, { demanded: 'fsynced' }, /fsynced is demanded.*sync_interval: always.*or demand acknowledged$/],
  ])('that is less than %s refuses to start, saying what to do', async (_demanded, stream, options, message) => {
    const server = await aServer();
    await expect(startLog(server, stream, options)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
      metadata: { field: 'messaging.durability' },
    });
  });
});

test('a stream that somebody makes anew in memory is given nothing while more is demanded, and all of it when it is in files again', async () => {
  const server = await aServer();
  const { log, connection } = await startLog(server, {}, { demanded: 'acknowledged' });
  const { streams } = await jetstreamManager(connection.client);
  const { subjects, duplicate_window } = (await streams.info(log.streamName)).config;
  const madeAnew = async (storage: StorageType) => {
    await streams.delete(log.streamName);
    const config = { name: log.streamName, subjects: subjects ?? [], duplicate_window, storage };
    // The server may still be removing the files of the one before.
    await vi.waitFor(() => streams.add(config), { timeout: 5_000 });
    // The log looks when a connection was made, else every ten seconds.
    await connection.client.reconnect();
  };
  const stored = async () => (await streams.info(log.streamName)).state.messages;

  await madeAnew(StorageType.Memory);
  await vi.waitUntil(() => /acknowledged is demanded.*is kept in memory/.test(log.trouble ?? ''), { timeout: 10_000 });
  const append = log.append([entry('a', 'e1'), entry('a', 'e2')]);
  await connection.client.flush();
  expect(await stored()).toBe(0);

  await madeAnew(StorageType.File);
  expect(await append).toMatchObject({ lastSequence: 2, rejected: [] });
  expect(await stored()).toBe(2);
  expect([log.durability, log.trouble]).toEqual(['acknowledged', undefined]);
});

describe('the monitoring address', () => {
  test('tells that a server does not write through', async () => {
    const port = await freePort();
    await aServer({ config: `http: "127.0.0.1:${port}"` });
    expect(await syncsAlways(`http://127.0.0.1:${port}`, never())).toBe(false);
  });

  test('tells that a server writes through, where it can', async () => {
    const port = await freePort();
    const server = await aServer();
    const connection = await startedConnection(natsConfig(server.url), new RecordingLog());
    const [major = 0, minor = 0] = connection.server.version.split('.').map(Number);
    await connection.stop();
    const config = `http: "127.0.0.1:${port}"\njetstream { sync_interval: always }`;
    if (major > 2 || minor >= 10) {
      await aServer({ config });
      expect(await syncsAlways(`http://127.0.0.1:${port}/`, never())).toBe(true);
    } else {
      await expect(aServer({ config })).rejects.toThrow('sync_interval');
    }
  });

  test('that does not answer, or is not a nats-server’s, is named', async () => {
    const field = 'messaging.nats.monitor';
    const closed = syncsAlways(`http://127.0.0.1:${await freePort()}`, never());
    await expect(closed).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', metadata: { field } });
    const other = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(syncsAlways(`http://127.0.0.1:${port}`, never())).rejects.toMatchObject({
      message: expect.stringContaining('no server_id'),
      metadata: { field },
    });
  });
});
