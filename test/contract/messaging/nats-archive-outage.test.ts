import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventArchive } from '../../../src/adapters/nats/nats-event-archive.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { eventIds, loggedEvent, readCount, readToEnd } from './event-archive-suite.ts';
import { natsConfig, never, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

let server: RunningNatsServer;

beforeEach(async () => {
  server = await startNatsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

async function open(
  outageTimeoutMs?: number,
  holdsTimeoutMs?: number,
): Promise<{ log: NatsEventLog; archive: NatsEventArchive; connection: NatsConnection }> {
  const recording = new RecordingLog();
  const config = natsConfig(server.url);
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, { drainTimeoutMs: 200 });
  await log.start(never());
  const archive = new NatsEventArchive({
    connection,
    subject: log.subject,
    streamName: () => log.streamName,
    ...(outageTimeoutMs === undefined ? {} : { outageTimeoutMs }),
    ...(holdsTimeoutMs === undefined ? {} : { holdsTimeoutMs }),
  });
  onTestFinished(async () => {
    await archive.stop();
    await log.stop();
    await connection.stop();
  });
  return { log, archive, connection };
}

function events(from: number, to: number) {
  return Array.from({ length: to - from }, (_, at) => loggedEvent(`s${(from + at) % 3}`, `e${from + at}`));
}
const idsOf = (from: number, to: number) => events(from, to).map(({ eventId }) => eventId);

async function withManager<Answer>(ask: (manager: JetStreamManager) => Promise<Answer>): Promise<Answer> {
  const client = await connect({ servers: server.url });
  try {
    return await ask(await jetstreamManager(client));
  } finally {
    await client.close();
  }
}

async function consumerNames(): Promise<string[]> {
  return await withManager(async ({ consumers }) =>
    (await consumers.list('LOGGING_EVENTS').next()).map(({ name }) => name),
  );
}

async function deleteConsumers(): Promise<void> {
  const names = await consumerNames();
  await withManager(({ consumers }) => Promise.all(names.map((name) => consumers.delete('LOGGING_EVENTS', name))));
}

test.each(['kill', 'stop'] as const)(
  'a server that restarts in the middle (%s) costs a reader nothing and doubles nothing',
  async (ending) => {
    const { log, archive } = await open();
    const readers = [
      await archive.open({ from: { sequence: 1 } }),
      await archive.open({ from: 'end', simulationIds: [parseSimulationId('s1')] }),
    ];
    const wanted = [
      idsOf(0, 6_000),
      events(0, 6_000)
        .filter((_, at) => at % 3 === 1)
        .map(({ eventId }) => eventId),
    ];
    const reading = readers.map((reader, at) => readCount(reader, wanted[at]?.length ?? 0));
    for (let at = 0; at < 6_000; at += 100) {
      const appended = log.append(events(at, at + 100));
      if (at === 2_000 || at === 4_000) {
        await server[ending]();
        await server.restart();
      }
      await appended;
    }
    expect((await Promise.all(reading)).map(eventIds)).toEqual(wanted);
  },
);

test('a waiting reader whose consumer was deleted goes on', async () => {
  const { log, archive } = await open();
  const reader = await archive.open({ from: 'end' });
  const page = readCount(reader, 2);
  await log.append(events(0, 1));
  await deleteConsumers();
  await log.append(events(1, 2));
  expect(eventIds(await page)).toEqual(idsOf(0, 2));
});

test('a reader that did not ask while its consumer was forgotten goes on', async () => {
  const { log, archive } = await open();
  await log.append(events(0, 300));
  const reader = await archive.open({ from: { sequence: 1 } });
  const first = await reader.next({ wait: true, signal: never() });
  await deleteConsumers();
  const rest = await readToEnd(reader);
  expect(eventIds([...first, ...rest])).toEqual(idsOf(0, 300));
});

test('a long log is read through one consumer', async () => {
  const { log, archive } = await open();
  await log.append(events(0, 5_000));
  const reader = await archive.open({ from: { sequence: 1 } });
  const names = new Set<string>();
  for (let count = 0; count < 5_000; ) {
    count += (await reader.next({ wait: true, signal: never() })).length;
    for (const name of await consumerNames()) names.add(name);
  }
  expect(names.size).toBe(1);
  await reader.close();
});

test('readers that are closed leave no consumer behind', async () => {
  const { log, archive } = await open();
  await log.append(events(0, 10));
  const readers = await Promise.all(Array.from({ length: 5 }, () => archive.open({ from: { sequence: 1 } })));
  expect(await consumerNames()).toHaveLength(5);
  await Promise.all(readers.map((reader) => reader.close()));
  await vi.waitUntil(async () => (await consumerNames()).length === 0);
});

test('while the server is away a reader waits; beyond the bound it is told', async () => {
  const { log, archive } = await open(400);
  await log.append(events(0, 1));
  const reader = await archive.open({ from: 'end' });
  const page = reader.next({ wait: true, signal: never() });
  const told = expect(page).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  await server.kill();
  await told;
  await expect(archive.open({ from: 'end' })).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
});

test('a reader that waits in an outage ends with its signal', async () => {
  const { archive } = await open();
  const reader = await archive.open({ from: 'end' });
  await server.kill();
  const gone = new AbortController();
  const page = reader.next({ wait: true, signal: gone.signal });
  gone.abort(new Error('gone'));
  await expect(page).rejects.toThrow('gone');
});

test('a reader that does not ask holds no more than a page', async () => {
  const { log, archive } = await open();
  const reader = await archive.open({ from: 'end' });
  const page = reader.next({ wait: true, signal: never() });
  await log.append(events(0, 1));
  await page;
  const delivered = () =>
    withManager(async ({ consumers }) => {
      const [consumer] = await consumers.list('LOGGING_EVENTS').next();
      return consumer?.delivered.consumer_seq ?? 0;
    });
  const before = await delivered();
  const payload = 'x'.repeat(100_000);
  await log.append(Array.from({ length: 200 }, (_, at) => loggedEvent('s9', `large-${at}`, 'a', payload)));
  expect((await delivered()) - before).toBeLessThan(30);
  await reader.close();
});

test('events larger than what the server takes by now are read', async () => {
  // Taken while the limit was higher; the server's folder is another one beside this file.
  const limits = join(tmpdir(), `shoal-limits-${crypto.randomUUID()}.conf`);
  onTestFinished(() => rm(limits));
  await writeFile(limits, 'max_payload: 4194304');
  await server[Symbol.asyncDispose]();
  server = await startNatsServer({ config: `include '../${basename(limits)}'` });
  const { log, archive, connection } = await open();
  const large = 'x'.repeat(3_000_000);
  const all = ['small-1', 'large-1', 'large-2', 'small-2'];
  await log.append(all.map((id) => loggedEvent('s1', id, 'sim.a.v1', id.startsWith('large') ? large : '')));
  await writeFile(limits, 'max_payload: 65536');
  await server.restart();
  await vi.waitUntil(() => connection.server.maxPayloadBytes === 65_536);
  const reader = await archive.open({ from: { sequence: 1 } });
  expect(eventIds(await readToEnd(reader))).toEqual(all);
  await reader.close();
  const follower = await archive.open({ from: { sequence: 2 } });
  expect(eventIds(await readCount(follower, 3))).toEqual(all.slice(1));
  await follower.close();
});

test('a start is answered while the server is away, before its caller gives up: whether events are held is not waited for so long', async () => {
  const { archive } = await open(60_000, 300);
  await server.kill();
  await expect(archive.holds(parseSimulationId('s1'))).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(/^NATS could not be reached for \d+ ms; try again later$/),
  });
});
