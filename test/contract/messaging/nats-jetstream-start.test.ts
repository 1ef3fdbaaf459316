import { expect, onTestFinished, test, vi } from 'vitest';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { entry } from './log-entries.ts';
import { natsConfig, never, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

async function withoutJetStream(
  connectTimeoutMs: number,
): Promise<{ server: RunningNatsServer; log: NatsEventLog; recording: RecordingLog; connection: NatsConnection }> {
  const server = await startNatsServer({ jetstream: false });
  const recording = new RecordingLog();
  const config = { ...natsConfig(server.url), connectTimeoutMs };
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording);
  onTestFinished(async () => {
    await log.stop();
    await connection.stop();
    await server[Symbol.asyncDispose]();
  });
  return { server, log, recording, connection };
}

test('a server without JetStream is an error that says how to start it', async () => {
  const { log } = await withoutJetStream(600);
  await expect(log.start(never())).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(/JetStream did not answer within 600 ms .*\(-js\)/),
  });
});

test('JetStream that comes later is waited for', async () => {
  const { server, log, recording } = await withoutJetStream(20_000);
  const started = log.start(never());
  await vi.waitUntil(() => recording.lines.some(({ message }) => message.startsWith('jetstream does not answer')));
  await server.restart({ jetstream: true });
  await started;
  expect(await log.append([entry('s', 'e1')])).toMatchObject({ lastSequence: 1, rejected: [] });
});

test('waiting for JetStream ends when the daemon is told to stop', async () => {
  const { log } = await withoutJetStream(60_000);
  const stopping = new AbortController();
  const started = log.start(stopping.signal);
  stopping.abort();
  await expect(started).rejects.toMatchObject({ code: 'CANCELLED' });
});
