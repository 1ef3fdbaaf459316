import { afterAll, beforeAll, expect, test } from 'vitest';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

// Over NATS what is logged takes a round trip and what is not takes none: the later of two events may be done first.
let server: RunningNatsServer;
let daemon: InProcessDaemon;
beforeAll(async () => {
  server = await startNatsServer();
  daemon = await startDaemon({
    natsUrl: server.url,
    workerTypes: [puppetType({ options: { events: [{ key: 'sim.quiet.v1', log: false }] } })],
  });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const logged = (nth: number) => envelope({ eventTypeKey: 'sim.logged.v1', eventId: `logged-${nth}` });
const quiet = (nth: number) => envelope({ eventTypeKey: 'sim.quiet.v1', eventId: `quiet-${nth}` });

test('ReportEventStream never acknowledges fewer events than before, whichever are done first', async () => {
  const puppet = await startRegistered(daemon);
  const stream = puppet.reportEventStream();
  for (let nth = 0; nth < 200; nth += 1) {
    stream.send(logged(nth));
    stream.send(quiet(nth));
  }
  stream.end();
  expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
  const processed = stream.answers.messages.map((answer) => Number(answer.processed));
  expect(processed).toEqual([...processed].sort((a, b) => a - b));
  expect(processed.at(-1)).toBe(400);
});

test('ReportEventStream acknowledges an event only when it and all before are dealt with', async () => {
  const puppet = await startRegistered(daemon);
  const stream = puppet.reportEventStream();
  stream.send(logged(0));
  stream.send(quiet(0));
  stream.end();
  await stream.answers.ended();
  const processed = stream.answers.messages.map((answer) => Number(answer.processed));
  // Both together, or one after the other.
  expect([[2], [1, 2]]).toContainEqual(processed);
  expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ eventsReceived: '2', eventsLogged: '1' });
});

test('a gap in the sequence ends the stream only after the batches before it have been acknowledged', async () => {
  const puppet = await startRegistered(daemon);
  const stream = puppet.reportEventBatches();
  stream.send(batch(1, [logged(1)]));
  stream.send(batch(2, [logged(2)]));
  stream.send(batch(4, [logged(4)]));
  expect(await stream.answers.ended()).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'sequence' } });
  expect(stream.answers.messages.at(-1)?.sequence).toBe('2');
});

test('half-close waits for what is under way', async () => {
  const puppet = await startRegistered(daemon);
  const stream = puppet.reportEventBatches();
  for (let nth = 1; nth <= 8; nth += 1) stream.send(batch(nth, [logged(10 + nth), quiet(10 + nth)]));
  stream.end();
  expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
  expect(stream.answers.messages.at(-1)?.sequence).toBe('8');
  expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ eventsReceived: '16', eventsLogged: '8' });
});

test('ReportEvent answers with the sequence in the stream', async () => {
  const puppet = await startRegistered(daemon);
  const first = await puppet.reportEvent(logged(100));
  const second = await puppet.reportEvent(logged(101));
  expect(Number(second.logSequence)).toBe(Number(first.logSequence) + 1);
});

test('SubscribeToEvents of one run has its very last event before it ends', async () => {
  // A stream ends some time after its worker: twenty of them wait together.
  const rounds = Array.from({ length: 20 }, async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe(puppet.ids);
    await events.live;
    const stream = puppet.reportEventStream();
    for (let nth = 0; nth < 1_000; nth += 1) stream.send(quiet(nth));
    stream.end();
    await stream.answers.ended();
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    const { eventsReceived } = await daemon.client.get(puppet.ids.simulationId);
    // The manifest is Shoal's own.
    expect(events.messages.length - 1 + (events.messages.at(-1)?.dropped ?? 0)).toBe(Number(eventsReceived));
  });
  await Promise.all(rounds);
});
