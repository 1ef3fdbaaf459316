import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection as Client, connect } from 'nats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batch, envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

const LIVE = 'sim.quiet.v1';
const STREAM = 'LOGGING_EVENTS';
const subjects = ['logging.events.raw', 'logging.events.raw.>'];

let server: RunningNatsServer;
let client: Client;
let manager: JetStreamManager;
let daemon: InProcessDaemon;
beforeAll(async () => {
  server = await startNatsServer();
  client = await connect({ servers: server.url });
  manager = await jetstreamManager(client);
  await manager.streams.add({ name: STREAM, subjects, max_msgs: 3, discard: 'new' });
  const types = [puppetType({ options: { events: [{ key: LIVE, log: false }] } })];
  daemon = await startDaemon({ natsUrl: server.url, workerTypes: types });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await client.close();
  await server[Symbol.asyncDispose]();
});

test('events that a full stream refuses (10077) are held back, not lost and not rejected; live events flow meanwhile', async () => {
  const puppet = await startRegistered(daemon);
  const { simulationId } = puppet.ids;
  const watching = daemon.client.subscribe({ simulationId, eventTypeKeys: [LIVE] });
  await watching.live;
  const logged = puppet.reportEventBatches();
  const ids = (sequence: number) => [1, 2].map((at) => `e${sequence}${at}`);
  for (const sequence of [1, 2, 3]) {
    logged.send(
      batch(
        sequence,
        ids(sequence).map((eventId) => envelope({ eventTypeKey: 'sim.a.v1', eventId })),
      ),
    );
  }
  await logged.answers.count(1);
  await until('the log holds back', () =>
    daemon.log.lines.some(({ message }) => message === 'event log holds back until the server takes events'),
  );
  for (let at = 0; at < 10; at += 1) await puppet.reportEvent(envelope({ eventTypeKey: LIVE, eventId: `live-${at}` }));
  expect((await watching.count(10)).map(({ bytes }) => readEnvelope(bytes).eventId)).toContain('live-9');
  expect(logged.answers.messages.map(({ sequence }) => Number(sequence))).toEqual([1]);
  await manager.streams.update(STREAM, { max_msgs: -1 });
  await logged.answers.until((answers) => Number(answers.at(-1)?.sequence) === 3);
  expect(logged.answers.messages.flatMap(({ rejected }) => rejected)).toEqual([]);
  const read = daemon.client.subscribe({ simulationId, eventTypeKeys: ['sim.a.v1'], fromBeginning: true });
  const stored = (await read.count(6)).map(({ bytes }) => readEnvelope(bytes).eventId);
  expect(stored).toEqual([1, 2, 3].flatMap(ids));
  expect(daemon.log.lines.map(({ message }) => message)).toContain('event log goes on');
  for (const stream of [read, watching, logged.answers]) stream.cancel();
});
