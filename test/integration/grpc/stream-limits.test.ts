import { afterAll, beforeAll, expect, test } from 'vitest';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

const MAX_STREAMS = 5;

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { max_streams_per_connection: MAX_STREAMS } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

test('a client has max_streams_per_connection streams at once, each other connection as many of its own', async () => {
  const greedy = new DaemonClient(daemon.addresses.clients);
  // It knows the limit once it is connected; what it opens before that beyond the limit is refused.
  await greedy.info();
  const streams = Array.from({ length: MAX_STREAMS }, () => greedy.subscribe({}));
  await Promise.all(streams.map((stream) => stream.live));
  const surplus = greedy.subscribe({});
  const puppet = await startRegistered(daemon);
  await puppet.reportEvent(envelope({ eventTypeKey: 'sim.a.v1' }));
  await Promise.all(streams.map((stream) => stream.count(1)));
  expect(surplus.messages).toEqual([]);
  surplus.cancel();
  streams[0]?.cancel();
  // A place is free once the server has seen the end of the stream that had it.
  await until('there is a place', () =>
    greedy.subscribe({}).live.then(
      () => true,
      () => false,
    ),
  );
  greedy.close();
});

test('a worker that opens more streams than that is held to it too', async () => {
  const puppet = await startRegistered(daemon);
  const streams = Array.from({ length: MAX_STREAMS + 1 }, () => puppet.reportEventStream());
  for (const [at, stream] of streams.entries()) {
    stream.send(envelope({ eventTypeKey: 'sim.a.v1', eventId: `e-${at}` }));
  }
  await Promise.all(streams.slice(0, MAX_STREAMS).map(({ answers }) => answers.count(1)));
  const { eventsReceived } = await daemon.client.get(puppet.ids.simulationId);
  expect(eventsReceived).toBe(String(MAX_STREAMS));
  for (const stream of streams) stream.answers.cancel();
});
