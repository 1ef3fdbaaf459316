import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { InMemoryEventBus } from '../../../src/adapters/memory/in-memory-event-bus.ts';
import { InMemoryEventLog } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventArchive } from '../../../src/adapters/nats/nats-event-archive.ts';
import { NatsEventBus } from '../../../src/adapters/nats/nats-event-bus.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import { natsConfig } from '../../contract/messaging/nats-fixture.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { EventWorld } from '../../support/subscription/event-world.ts';
import { checkModel, modelTypes } from './model-check.ts';

function memoryWorld(): EventWorld {
  const log = new InMemoryEventLog();
  return new EventWorld({ bus: new InMemoryEventBus(new RecordingLog()), log, archive: log, types: modelTypes });
}

test.each([1, 2, 3, 4, 5])(
  'whatever readers do, each sees what is logged once and in order (memory, seed %i)',
  (seed) => checkModel(memoryWorld(), { seed, events: 10_000, readers: 20 }),
);

test.each([21, 22])('so it is over the log in a file, seed %i', async (seed) => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-model-'));
  const recording = new RecordingLog();
  const log = new SqliteEventLog({
    file: join(folder, 'events.db'),
    durability: 'acknowledged',
    retention: {},
    log: recording,
  });
  await log.start();
  onTestFinished(async () => {
    await log.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const bus = new InMemoryEventBus(recording);
  await checkModel(new EventWorld({ bus, log, archive: log, types: modelTypes }), {
    seed,
    events: 10_000,
    readers: 20,
  });
});

test('so it is while 200,000 events flow (memory)', { timeout: 120_000 }, () =>
  checkModel(memoryWorld(), { seed: 200_000, events: 200_000, readers: 24 }),
);

test.each([11, 12])('so it is over nats, seed %i', async (seed) => {
  const server = await startNatsServer();
  const recording = new RecordingLog();
  const config = natsConfig(server.url);
  const connection = new NatsConnection(config, recording);
  const { signal } = new AbortController();
  await connection.start(signal);
  const log = new NatsEventLog(connection, config, recording);
  await log.start(signal);
  const bus = new NatsEventBus(connection, recording);
  await bus.start();
  const archive = new NatsEventArchive({ connection, subject: log.subject, streamName: () => log.streamName });
  onTestFinished(async () => {
    await archive.stop();
    await log.stop();
    await bus.stop();
    await connection.stop();
    await server[Symbol.asyncDispose]();
  });
  await checkModel(new EventWorld({ bus, log, archive, types: modelTypes }), { seed, events: 10_000, readers: 20 });
  expect(log.statistics.displaced).toBe(0);
});
