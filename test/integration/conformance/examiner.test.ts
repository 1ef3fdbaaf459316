import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { Examiner } from '../../../src/conformance/examiner.ts';
import { Observations } from '../../../src/conformance/observations.ts';
import { DEFAULT_TERMS } from '../../../src/conformance/setting.ts';
import { until } from '../../support/daemon/until.ts';

/** An examiner, and a client as a worker has it. */
async function examined() {
  const record = new Observations();
  const examiner = new Examiner(record, DEFAULT_TERMS, 0);
  await examiner.start();
  const { OrchestratorWorkerService } = loadProtos().tree.fes.orchestration.v1;
  const client = new OrchestratorWorkerService(examiner.address, credentials.createInsecure());
  onTestFinished(async () => {
    client.close();
    await examiner.stop();
  });
  return { record, examiner, client };
}

type Client = Awaited<ReturnType<typeof examined>>['client'];

function event(id: string) {
  return { eventId: id, eventTypeKey: 'sim.thing.v1', eventPayload: Buffer.from(id) };
}

function reportOne(client: Client, id: string): Promise<ServiceError | null> {
  return new Promise((resolve) => client.reportEvent(event(id), (error) => resolve(error)));
}

test('single events are recorded and answered, and a rejected one is refused', async () => {
  const { record, examiner, client } = await examined();
  examiner.events.reject(({ envelope }) => envelope.eventId === 'bad');
  expect(await reportOne(client, 'good')).toBeNull();
  expect(await reportOne(client, 'bad')).toMatchObject({ code: status.INVALID_ARGUMENT });
  expect(record.events.map(({ envelope }) => envelope.eventId)).toEqual(['good', 'bad']);
  expect(record.eventStreams.map(({ kind, endedAtMs }) => [kind, typeof endedAtMs])).toEqual([
    ['single', 'number'],
    ['single', 'number'],
  ]);
});

test('a stream of events is acknowledged by their number, with the index of what was rejected', async () => {
  const { record, examiner, client } = await examined();
  examiner.events.reject(({ envelope }) => envelope.eventId === 'b');
  const stream = client.reportEventStream(new Metadata());
  const answers: { processed: string; rejected: { index: string; eventId: string }[] }[] = [];
  stream.on('data', (answer) => answers.push(answer));
  const ended = new Promise((resolve) => stream.on('status', ({ code }) => resolve(code)));
  for (const id of ['a', 'b', 'c']) stream.write(event(id));
  stream.end();
  expect(await ended).toBe(status.OK);
  expect(answers.at(-1)?.processed).toBe('3');
  const rejected = answers.flatMap((answer) => answer.rejected);
  expect(rejected).toMatchObject([{ index: '1', eventId: 'b' }]);
  const [{ halfClosedAtMs, batches } = { batches: [] }] = record.eventStreams;
  expect(batches.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(halfClosedAtMs).toBeTypeOf('number');
});

test('held acknowledgements come when they are released, and the batches in flight are counted by place, not by number', async () => {
  const { record, examiner, client } = await examined();
  examiner.events.hold();
  const stream = client.reportEventBatches(new Metadata());
  const sequences: string[] = [];
  stream.on('data', ({ sequence }) => sequences.push(sequence));
  for (const sequence of [1, 5]) stream.write({ sequence, events: [event(`e-${sequence}`)] });
  await until('two batches', () => record.events.length === 2);
  expect(sequences).toEqual([]);
  examiner.events.release();
  await until('an acknowledgement', () => sequences.length > 0);
  expect(sequences).toEqual(['5']);
  expect(record.eventStreams[0]?.batches.map(({ inFlight }) => inFlight)).toEqual([1, 2]);
  const ended = new Promise((resolve) => stream.on('status', ({ code }) => resolve(code)));
  stream.end();
  expect(await ended).toBe(status.OK);
});

test('a connection that is cut is no half-close, and the port is the same after an outage', async () => {
  const { record, examiner, client } = await examined();
  const { address } = examiner;
  const stream = client.reportEventBatches(new Metadata());
  const ended = new Promise((resolve) => stream.on('error', ({ code }: ServiceError) => resolve(code)));
  stream.write({ sequence: 1, events: [event('e')] });
  await until('a batch', () => record.events.length === 1);
  await examiner.goAway();
  expect(await ended).toBe(status.UNAVAILABLE);
  await until('the end of the stream', () => record.eventStreams[0]?.endedAtMs !== undefined);
  await examiner.comeBack();
  expect(examiner.address).toBe(address);
  await until('an answer', async () => (await reportOne(client, 'again')) === null);
  expect(record.eventStreams[0]?.halfClosedAtMs).toBeUndefined();
});

test('a second ReceiveCommands ends the first with ABORTED, and gets the commands', async () => {
  const { record, examiner, client } = await examined();
  const ids = { workerId: 'w', simulationId: 's' };
  const first = client.receiveCommands(ids);
  const replaced = new Promise((resolve) => first.on('error', ({ code }: ServiceError) => resolve(code)));
  await until('the first stream', () => record.commandStreams[0]?.headersAtMs !== undefined);
  const second = client.receiveCommands(ids);
  second.on('error', () => {});
  const command = new Promise((resolve) => second.on('data', ({ eventId }) => resolve(eventId)));
  expect(await replaced).toBe(status.ABORTED);
  await until('the second stream', () => record.commandStreams[1]?.headersAtMs !== undefined);
  expect(examiner.send({ ...event('c-1'), eventTypeKey: 'orchestrator.control.pause' })).toBe(true);
  expect(await command).toBe('c-1');
  second.cancel();
  await until('no stream', () => !examiner.send(event('c-2')));
});
