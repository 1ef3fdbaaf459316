import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import type { AppendReceipt, LogEntry } from '../../../src/ports/event-log.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { batches, entry, idsBySimulation } from './log-entries.ts';
import { natsConfig, never, readStream, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

const SIMULATIONS = Array.from({ length: 12 }, (_, at) => `sim-${at}`);

let server: RunningNatsServer;
let recording: RecordingLog;

beforeEach(async () => {
  server = await startNatsServer();
  recording = new RecordingLog();
});
afterEach(() => server[Symbol.asyncDispose]());

async function open(
  stream: Partial<NatsStreamConfig> = {},
  options: NatsEventLogOptions = {},
): Promise<{ log: NatsEventLog; connection: NatsConnection }> {
  const config = natsConfig(server.url, stream);
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording, { drainTimeoutMs: 200, ...options });
  await log.start(never());
  onTestFinished(async () => {
    await log.stop();
    await connection.stop();
  });
  return { log, connection };
}

function wantedIds(perSimulation: number): Record<string, string[]> {
  const ids = Array.from({ length: perSimulation }, (_, at) => `e${at}`);
  return Object.fromEntries(SIMULATIONS.map((simulation) => [simulation, ids]));
}

/** Keeps some batches in flight, as many workers together do, and calls `meanwhile` after that many were stored. */
async function appendAll(
  log: NatsEventLog,
  all: readonly LogEntry[][],
  meanwhile: ReadonlyMap<number, () => void>,
): Promise<AppendReceipt[]> {
  const pending: Promise<AppendReceipt>[] = [];
  for (const [at, batch] of all.entries()) {
    pending.push(log.append(batch));
    if (at >= 40) await pending[at - 40];
    meanwhile.get(at)?.();
  }
  return await Promise.all(pending);
}

test.each(['kill', 'stop'] as const)(
  'a server that restarts three times under load (%s) costs no event, doubles none and keeps the order',
  async (ending) => {
    const { log } = await open({ maxInFlight: 2_048 });
    let outages = Promise.resolve();
    const outage = (): void => {
      outages = outages.then(async () => {
        await server[ending]();
        await server.restart();
      });
    };
    const times = new Map([100, 250, 400].map((at) => [at, outage]));
    const receipts = await appendAll(log, batches(SIMULATIONS, 600, 64), times);
    await outages;
    expect(receipts.flatMap(({ rejected }) => rejected)).toEqual([]);
    const stored = await readStream(server.url);
    expect(idsBySimulation(stored)).toEqual(wantedIds(50 * 64));
    expect(log.statistics.stored).toBe(600 * 64);
    expect(log.statistics.displaced).toBe(0);
    expect(log.statistics.recoveries).toBeGreaterThanOrEqual(1);
  },
);

test('a server that stalls beyond the ack timeout gets the same ids again: nothing is doubled', async () => {
  const { log } = await open({ ackTimeoutMs: 200 });
  await log.append([entry('sim-0', 'first')]);
  await server.pause();
  const appended = log.append(Array.from({ length: 2_000 }, (_, at) => entry('sim-0', `e${at}`)));
  await vi.waitUntil(() => log.statistics.recoveries > 0, { timeout: 5_000 });
  server.resume();
  expect((await appended).rejected).toEqual([]);
  const ids = Array.from({ length: 2_000 }, (_, at) => `e${at}`);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ 'sim-0': ['first', ...ids] });
});

test('while the server is away appends wait; beyond the bound all are rejected, and can be appended again', async () => {
  const { log, connection } = await open({}, { giveUpAfterMs: 500 });
  await log.append([entry('sim-0', 'e0')]);
  await server.kill();
  const batch = [entry('sim-0', 'e1'), entry('sim-0', 'e2')];
  await expect(log.append(batch)).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('the connection is lost'),
  });
  await server.restart();
  await connection.state.whenConnected(10_000);
  await log.append(batch);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ 'sim-0': ['e0', 'e1', 'e2'] });
});

test('stop during an outage is bounded and rejects what could not be stored', async () => {
  const { log } = await open({}, { drainTimeoutMs: 100 });
  await server.kill();
  const appended = log.append([entry('sim-0', 'e0')]);
  const rejected = expect(appended).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await log.stop();
  await rejected;
});

test('a recovery is logged once when it begins and once when it ends', async () => {
  const { log } = await open();
  await log.append([entry('sim-0', 'e0')]);
  await server.pause();
  const appended = log.append([entry('sim-0', 'e1')]);
  await server.kill();
  await vi.waitUntil(() => recording.lines.some(({ message }) => message === 'nats connection lost; reconnecting'));
  await server.restart();
  await appended;
  const about = recording.lines.map(({ message }) => message).filter((message) => message.startsWith('event log '));
  expect(about).toEqual([
    'event log stream is ready',
    'event log holds back until the server takes events',
    'event log goes on',
  ]);
});
