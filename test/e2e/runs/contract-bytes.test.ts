import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PbfReader } from 'pbf';
import { describe, expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { readLog } from './log-reader.ts';
import { NatsWitness, type SeenEvent } from './witness.ts';

const main = fileURLToPath(new URL('../../support/contract-bytes-worker/main.ts', import.meta.url));
const LOGGED = 'bytes.logged.v1';
const QUIET = 'bytes.quiet.v1';
const ID = 'by-hand';

/** What Shoal may append: event_id, timestamp_ns, source_worker_id, simulation_id. */
const FILLED_IN = [1, 4, 5, 6];

function typeOf(transport: 'nats' | 'grpc') {
  const events = [
    { key: LOGGED, log: true },
    { key: QUIET, log: false },
  ];
  const commands = ['pause', 'resume', 'step', 'reset', 'stop', 'custom'];
  const options = { executable: process.execPath, args: [main], events, commands };
  return { name: transport, plugin: 'executable', options, command_transport: transport };
}

/** Each command, and then the end; the worker is found to have done it by what it acknowledges, and by its exit code. */
async function steer({ client, metrics }: ChildDaemon): Promise<void> {
  const stepped = await client.control(ID, { step: { ticks: '6' } });
  expect(stepped).toMatchObject({ completed: true, code: 0, tick: '6', state: 'SIMULATION_STATE_PAUSED' });
  expect(await client.control(ID, { step: {} })).toMatchObject({ tick: '7' });
  expect(await client.control(ID, { resume: {} })).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  await until('a heartbeat tells its tick', async () => {
    const beats = /shoal_grpc_calls_total\{[^}]*Heartbeat[^}]*code="OK"[^}]*\} [1-9]/.test(await metrics());
    return beats && Number((await client.get(ID)).lastTick) > 7;
  });
  const paused = await client.control(ID, { pause: {} });
  expect(paused).toMatchObject({ completed: true, code: 0, state: 'SIMULATION_STATE_PAUSED' });
  expect(Number(paused.tick)).toBeGreaterThan(7);
  const refused = await client.control(ID, { custom: { commandKey: 'bytes.juggle.v1' } });
  expect(refused).toMatchObject({ completed: true, code: 12, message: 'no bytes.juggle.v1 here', tick: paused.tick });
  expect(await client.control(ID, { reset: {} })).toMatchObject({ tick: '0', state: 'SIMULATION_STATE_PAUSED' });
  expect(await client.control(ID, { step: { ticks: '2' } })).toMatchObject({ tick: '2' });
  expect(await client.control(ID, { stop: {} })).toMatchObject({ state: 'SIMULATION_STATE_STOPPED' });
  const message = expect.stringContaining('it wrote nothing');
  expect(await client.get(ID)).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0, message });
}

/** The bytes that the worker reported of one key, in its order. */
async function reported(file: string, key: string): Promise<Buffer[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => Buffer.from(line, 'base64')).filter((bytes) => bytes.includes(key));
}

/** That everything came once, in order, with its bytes, and that what is behind them is only what Shoal may fill in. */
function expectSame(seen: readonly Buffer[], sent: readonly Buffer[]): void {
  expect(sent.length).toBeGreaterThan(9);
  expect(seen.map((bytes, at) => bytes.subarray(0, sent[at]?.length).toString('hex'))).toEqual(
    sent.map((bytes) => bytes.toString('hex')),
  );
  for (const [at, bytes] of seen.entries()) {
    const had = fieldsOf(sent[at] ?? Buffer.alloc(0));
    const missing = FILLED_IN.filter((field) => !had.includes(field));
    expect(fieldsOf(bytes.subarray(sent[at]?.length)).toSorted(), bytes.toString('hex')).toEqual(missing);
  }
}

function fieldsOf(bytes: Uint8Array): number[] {
  const pbf = new PbfReader(bytes);
  const numbers: number[] = [];
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) numbers.push(field);
  return numbers;
}

async function startPaused({ client, folder }: ChildDaemon, workerType: string): Promise<string> {
  const recordFile = join(folder, 'reported');
  const config = plainToStruct({ keys: [LOGGED, QUIET], record_file: recordFile });
  await client.start({ simulationId: ID, workerType, config, startPaused: true });
  await client.untilState(ID, 'PAUSED');
  return recordFile;
}

describe('a worker made of nothing but the contract', () => {
  test('is steered, and its bytes arrive in the log and live, over memory', async () => {
    await using daemon = await spawnDaemon({ workerTypes: [typeOf('grpc')], limits: { heartbeat_interval: '1s' } });
    const recordFile = await startPaused(daemon, 'grpc');
    const events = daemon.client.subscribe({ simulationId: ID, eventTypeKeys: [LOGGED, QUIET], fromBeginning: true });
    await events.live;
    await steer(daemon);
    expect((await events.ended()).code).toBe('OK');
    const seen = (isLogged: boolean) =>
      events.messages.filter(({ logSequence }) => logSequence > 0 === isLogged).map(({ bytes }) => bytes);
    expectSame(seen(true), await reported(recordFile, LOGGED));
    expectSame(seen(false), await reported(recordFile, QUIET));
  });

  test.each(['nats', 'grpc'] as const)(
    'is steered by %s, and its bytes arrive in the log and live, over NATS',
    async (transport) => {
      await using server: RunningNatsServer = await startNatsServer();
      await using daemon = await spawnDaemon({
        workerTypes: [typeOf(transport)],
        natsUrl: server.url,
        limits: { heartbeat_interval: '1s' },
      });
      await using witness = await NatsWitness.watch(server.url);
      const recordFile = await startPaused(daemon, transport);
      await steer(daemon);
      for (const key of [LOGGED, QUIET]) {
        const sent = await reported(recordFile, key);
        const live = (): SeenEvent[] => witness.of(ID).filter(({ subject }) => subject.endsWith(`.event.${key}`));
        await until(`all of ${key} are live`, () => live().length >= sent.length);
        expectSame(
          live().map(({ bytes }) => bytes),
          sent,
        );
      }
      const logged = await readLog(witness.connection);
      const subjectOf = (key: string) => `logging.events.raw.${ID}.${key}`;
      // What Shoal itself tells of a simulation is the manifest.
      const theirs = logged.filter(({ subject }) => subject !== subjectOf('orchestrator.simulation_manifest.v1'));
      expect(new Set(theirs.map(({ subject }) => subject))).toEqual(new Set([subjectOf(LOGGED)]));
      expectSame(
        theirs.map(({ bytes }) => bytes),
        await reported(recordFile, LOGGED),
      );
    },
  );
});
