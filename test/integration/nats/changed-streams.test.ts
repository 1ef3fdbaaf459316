import type { JetStreamManager } from '@nats-io/jetstream';
import { beforeEach, expect, test, vi } from 'vitest';
import { loggedEvent, readCount } from '../../contract/messaging/event-archive-suite.ts';
import { idsBySimulation } from '../../contract/messaging/log-entries.ts';
import { readStream } from '../../contract/messaging/nats-fixture.ts';
import type { RunningNatsServer } from '../../support/nats-server.ts';
import { managerOf, partsOver, serverFor } from './nats-parts.ts';

const NAME = 'LOGGING_EVENTS';

let server: RunningNatsServer;
let manager: JetStreamManager;
beforeEach(async () => {
  server = await serverFor();
  manager = await managerOf(server.url);
});

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => loggedEvent('s', `e${from + at}`));
const idsOf = (from: number, to: number) => numbered(from, to).map(({ eventId }) => eventId);
const stored = async () => idsBySimulation(await readStream(server.url));

test.each([
  ['messages', { max_msgs: 3 }, { max_msgs: -1 }, 'maximum messages exceeded'],
  ['bytes', { max_bytes: 900 }, { max_bytes: -1 }, 'maximum bytes exceeded'],
] as const)(
  'a stream that is full of %s holds the log back and says what to do; with room again all is stored once',
  async (_what, full, room, said) => {
    await manager.streams.add({
      name: NAME,
      subjects: ['logging.events.raw', 'logging.events.raw.>'],
      discard: 'new',
      ...full,
    });
    const { connection, log } = await partsOver(server.url);
    const appended = log.append(numbered(0, 20));
    if ('max_bytes' in full && connection.server.version.startsWith('2.9.')) {
      // Such a server drops the oldest at a bound of bytes, whatever it is told.
      await appended;
      expect((await stored())['s']?.at(-1)).toBe('e19');
      return;
    }
    await vi.waitUntil(() => log.trouble !== undefined);
    expect(log.trouble).toContain(
      `event log: ${said}; the stream is full and refuses what is new (discard: new): raise`,
    );
    await manager.streams.update(NAME, room);
    expect((await appended).rejected).toEqual([]);
    expect(await stored()).toEqual({ s: idsOf(0, 20) });
    expect(log.trouble).toBeUndefined();
  },
);

test('a stream that captures other subjects since somebody edited it is told, until they are there again', async () => {
  const { log, recording } = await partsOver(server.url);
  await log.append(numbered(0, 1));
  const { subjects } = (await manager.streams.info(NAME)).config;
  await manager.streams.update(NAME, { subjects: ['something.else'] });
  const appended = log.append(numbered(1, 3));
  await vi.waitUntil(() => log.trouble?.includes('captures something.else, not logging.events.raw'));
  await manager.streams.update(NAME, { subjects });
  await appended;
  await vi.waitUntil(() => log.trouble === undefined, { timeout: 5_000 });
  expect(await stored()).toEqual({ s: idsOf(0, 3) });
  const said = recording.lines.map(({ message }) => message);
  expect(said.filter((line) => line.startsWith('event log stream cannot hold the log any more'))).toHaveLength(1);
  expect(said).toContain('event log stream can hold the log again');
});

test('a stream that was sealed is told', async () => {
  const { log } = await partsOver(server.url);
  await log.append(numbered(0, 1));
  await manager.streams.update(NAME, { sealed: true } as object);
  const appended = log.append(numbered(1, 2));
  appended.catch(() => {});
  await vi.waitUntil(() => log.trouble?.includes('it is sealed'));
});

test('a stream that forgets ids sooner since somebody edited it is told, without an event that fails', async () => {
  const { connection, log } = await partsOver(server.url);
  await manager.streams.update(NAME, { duplicate_window: 1e9 });
  // Looked at every ten seconds, and when the connection is there again.
  await connection.client.reconnect();
  await vi.waitUntil(() => log.trouble?.includes('its duplicate_window is 1000 ms'), { timeout: 5_000 });
});

test('a reader of a stream that was deleted and made again is told so, and neither waits for ever nor skips', async () => {
  const { log, archive } = await partsOver(server.url);
  await log.append(numbered(0, 10));
  const identity = await archive.identity();
  const reader = await archive.open({ from: { sequence: 1 } });
  const { signal } = new AbortController();
  expect(await readCount(reader, 10)).toHaveLength(10);
  const waiting = reader.next({ wait: true, signal });
  const told = expect(waiting).rejects.toMatchObject({
    code: 'CAPACITY_EXHAUSTED',
    message: expect.stringContaining('the log was replaced by another one'),
  });
  await manager.streams.delete(NAME);
  await log.append(numbered(10, 12));
  await told;
  await reader.close();
  expect(await archive.identity()).not.toBe(identity);
  expect(await stored()).toEqual({ s: idsOf(10, 12) });
});

test('a reader of a purged stream that had not come to its end is told so; one that had goes on', async () => {
  const { log, archive } = await partsOver(server.url);
  await log.append(numbered(0, 1_000));
  const behind = await archive.open({ from: { sequence: 1 } });
  const atEnd = await archive.open({ from: 'end' });
  const { signal } = new AbortController();
  expect((await behind.next({ wait: false, signal })).length).toBeLessThan(1_000);
  const next = atEnd.next({ wait: true, signal });
  await manager.streams.purge(NAME);
  await log.append(numbered(1_000, 1_001));
  expect((await next).map(({ sequence }) => sequence)).toEqual([1_001]);
  await expect(
    (async () => {
      for (;;) await behind.next({ wait: true, signal });
    })(),
  ).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED', message: expect.stringContaining('retention removed') });
  await Promise.all([behind.close(), atEnd.close()]);
});

test('a server that comes back with an empty store gets the stream again and what was not acknowledged; readers are told', async () => {
  const { connection, log, archive, recording } = await partsOver(server.url);
  await log.append(numbered(0, 50));
  const reader = await archive.open({ from: { sequence: 1 } });
  const { signal } = new AbortController();
  expect(await readCount(reader, 50)).toHaveLength(50);
  const told = expect(reader.next({ wait: true, signal })).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  const appended = log.append(numbered(50, 60));
  await server.restart({ empty: true });
  expect((await appended).rejected).toEqual([]);
  expect(await stored()).toEqual({ s: idsOf(50, 60) });
  await told;
  const errors = () => recording.lines.filter(({ level }) => level === 'error').map(({ message }) => message);
  await vi.waitUntil(() => errors().length > 0);
  expect(errors()).toEqual([
    'event log stream is another one: the one before is gone with what it held; readers begin anew',
  ]);
  await reader.close();
});

test('a stream in memory whose server was restarted is empty, and its readers are told', async () => {
  const { log, archive } = await partsOver(server.url, { stream: { storage: 'memory' } });
  await log.append(numbered(0, 10));
  const reader = await archive.open({ from: { sequence: 1 } });
  const { signal } = new AbortController();
  expect(await readCount(reader, 10)).toHaveLength(10);
  const told = expect(reader.next({ wait: true, signal })).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
  await server.kill();
  await server.restart();
  await told;
  await reader.close();
});
