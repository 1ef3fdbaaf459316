import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import { syncsAlways } from '../../../src/adapters/nats/server-monitor.ts';
import { durabilityOf } from '../../../src/adapters/nats/stream-durability.ts';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { natsConfig, never, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

async function startLog(
  server: RunningNatsServer,
  stream: Partial<NatsStreamConfig>,
  options: NatsEventLogOptions,
): Promise<NatsEventLog> {
  const recording = new RecordingLog();
  const config = natsConfig(server.url, stream);
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, options);
  onTestFinished(async () => {
    await log.stop();
    await connection.stop();
  });
  await log.start(never());
  return log;
}

async function aServer(options: { readonly config?: string } = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

describe('the durability of the log', () => {
  test('is memory for a stream in memory, acknowledged for one in files, fsynced where the server says so', async () => {
    const server = await aServer();
    expect(
      (await startLog(server, { storage: 'memory', name: 'M', subject: 'm.{simulation_id}' }, {})).durability,
    ).toBe('memory');
    expect((await startLog(server, {}, {})).durability).toBe('acknowledged');
    expect((await startLog(server, {}, { syncsAlways: async () => true })).durability).toBe('fsynced');
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
