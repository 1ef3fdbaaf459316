import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from 'nats';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { envelope } from '../../support/daemon/envelopes.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { EventLogService, rowsIn } from './event-log-service.ts';
import { expectPytestToPass } from './pytest.ts';

const STREAM = 'LOGGING_EVENTS';
const DURABLE = 'parquet';
const SIMULATIONS = 5;
const KILLS = 14;
const EVENTS_A_KILL = 600;
/** From when it reads; a kill falls into fetching, writing, renaming or acknowledging, as chance has it. */
const LONGEST_LIFE_MS = 500;

let python: string;
let server: RunningNatsServer;
let connection: NatsConnection;
let folder: string;
let services: EventLogService[];
let sent: { readonly simulationId: string; readonly eventId: string; readonly payload: string }[];

beforeAll(async () => {
  python = await pythonEnvironment();
}, 900_000);
beforeEach(async () => {
  services = [];
  sent = [];
  folder = await mkdtemp(join(tmpdir(), 'shoal-event-log-'));
  server = await startNatsServer();
  connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: STREAM, subjects: ['logging.events.raw', 'logging.events.raw.>'] });
});
afterEach(async () => {
  for (const service of services) await service[Symbol.asyncDispose]();
  await connection?.close();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function launch(...more: readonly string[]): EventLogService {
  const args = ['--nats', server.url, '--out', join(folder, 'log'), '--batch', '150', '--flush-seconds', '0.2'];
  const service = new EventLogService(python, [...args, '--ack-wait-seconds', '2', ...more]);
  services.push(service);
  return service;
}

/** Events of all simulations in turn, in the stream when it returns. */
async function append(count: number): Promise<void> {
  const publishing: Promise<unknown>[] = [];
  for (let left = count; left > 0; left -= 1) {
    const number = sent.length;
    const simulationId = `run-${number % SIMULATIONS}`;
    const payload = randomBytes(100);
    const event = { eventId: `e-${number}`, simulationId, eventTypeKey: 'sim.x.v1', eventPayload: payload };
    const subject = `logging.events.raw.${simulationId}.sim.x.v1`;
    const bytes = envelope({ ...event, timestampNs: '1', attributes: { tick: String(number) } });
    publishing.push(store(subject, bytes, `${simulationId}/${event.eventId}`));
    sent.push({ simulationId, eventId: event.eventId, payload: payload.toString('hex') });
  }
  await Promise.all(publishing);
}

/** Again until it is acknowledged: a server that is restarted is away for a while. */
function store(subject: string, bytes: Buffer, msgID: string): Promise<unknown> {
  const publish = () => jetstream(connection).publish(subject, bytes, { msgID, timeout: 1_000 });
  return until(`${msgID} is stored`, () => publish().catch(() => undefined));
}

/** Each event that was sent in one row, in the file of its simulation, in the order of the log. */
async function expectEachOnce(): Promise<void> {
  const { events } = await rowsIn(python, join(folder, 'log'));
  const rows = events.map((row) => ({ simulationId: row.simulation_id, eventId: row.event_id, payload: row.payload }));
  const sorted = <T extends { readonly eventId: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => Number(a.eventId.slice(2)) - Number(b.eventId.slice(2)));
  expect(sorted(rows)).toEqual(sent);
  expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(sent.length);
  for (const { file, simulation_id: id, attributes, event_id: eventId } of events) {
    expect(file).toMatch(new RegExp(`^simulation_id=${id}/date=\\d{4}-\\d{2}-\\d{2}/part-\\d{12}-\\d{12}\\.parquet$`));
    expect(attributes).toEqual([['tick', eventId.slice(2)]]);
  }
}

async function consumer() {
  return (await jetstreamManager(connection)).consumers.info(STREAM, DURABLE);
}

test('killed again and again, it writes each event of each simulation into exactly one row', async () => {
  const junk: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const service = launch();
    const appending = append(EVENTS_A_KILL);
    const broken = Buffer.concat([Buffer.from([0xff]), randomBytes(8)]);
    junk.push(broken.toString('hex'));
    await jetstream(connection).publish('logging.events.raw', broken);
    await service.reading();
    await delay(Math.random() * LONGEST_LIFE_MS);
    service.signal('SIGKILL');
    expect(await service.exited()).toBe('SIGKILL');
    await appending;
  }
  const written = (await rowsIn(python, join(folder, 'log'))).events.length;
  expect(written).toBeGreaterThan(0);

  const last = launch('--until-idle', '3');
  expect(await last.exited(120_000)).toBe(0);
  await expectEachOnce();
  const { rejected } = await rowsIn(python, join(folder, 'log'));
  expect(rejected.map(({ data }) => data).sort()).toEqual(junk.sort());
  expect(rejected.every(({ subject }) => subject === 'logging.events.raw')).toBe(true);
  const left = await readdir(join(folder, 'log'), { recursive: true });
  expect(left.filter((name) => name.endsWith('.writing'))).toEqual([]);
  expect(await consumer()).toMatchObject({ num_pending: 0, num_ack_pending: 0 });
}, 280_000);

test('when everything is delivered again, nothing is written again', async () => {
  await append(400);
  const first = launch('--until-idle', '1');
  expect(await first.exited()).toBe(0);
  expect(first.totals).toMatchObject({ rows: 400, already_kept: 0 });
  await (await jetstreamManager(connection)).consumers.delete(STREAM, DURABLE);
  await append(100);
  const again = launch('--until-idle', '1');
  expect(await again.exited()).toBe(0);
  expect(again.totals).toMatchObject({ rows: 100, already_kept: 400 });
  await expectEachOnce();
});

test('SIGTERM writes what was taken, acknowledges it and exits with 0', async () => {
  const service = launch('--flush-seconds', '60', '--ack-wait-seconds', '90');
  await service.reading();
  await append(120);
  await until('all is taken', async () => (await consumer()).num_ack_pending === 120);
  expect(await readdir(join(folder, 'log'))).not.toContain('simulation_id=run-0');
  service.signal('SIGTERM');
  expect(await service.exited()).toBe(0);
  expect(service.totals).toMatchObject({ rows: 120 });
  await expectEachOnce();
  await until('the acknowledgements count', async () => (await consumer()).num_ack_pending === 0);
});

test('a second one over the same folder is refused and hinders the first no more than a wrong folder does', async () => {
  const first = launch();
  await first.reading();
  const second = launch();
  expect(await second.exited()).toBe(1);
  expect(second.stderr).toContain('is in use by another event log');
  await append(50);
  await until('the first has written all', async () => (await consumer()).ack_floor.stream_seq === 50);
  first.signal('SIGTERM');
  expect(await first.exited()).toBe(0);

  await (await jetstreamManager(connection)).streams.delete(STREAM);
  await (await jetstreamManager(connection)).streams.add({ name: STREAM, subjects: ['logging.events.raw.>'] });
  const stranger = launch();
  expect(await stranger.exited()).toBe(1);
  expect(stranger.stderr).toContain('name another folder with --out');
  await expectEachOnce();
});

test('it outlives a restart of the server, and a consumer that somebody removed', async () => {
  const service = launch();
  await service.reading();
  await append(200);
  await server.restart();
  await append(200);
  const written = async () => (await rowsIn(python, join(folder, 'log'))).events.length;
  await until('what came after the restart is written', async () => (await written()) === 400, 60_000);
  await (await jetstreamManager(connection)).consumers.delete(STREAM, DURABLE);
  await append(200);
  await until('what came after the removal is written', async () => (await written()) === 600, 60_000);
  service.signal('SIGTERM');
  expect(await service.exited()).toBe(0);
  await expectEachOnce();
});

test('the rest of it does by itself what it says', async () => {
  await expectPytestToPass(python, 'tests/event_log');
});
