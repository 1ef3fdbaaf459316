import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], limits: { max_subscriptions: 3, max_starting: 2 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

test('long calls of clients have limits.max_subscriptions places, and one that ends leaves its own', async () => {
  const puppet = await startRegistered(daemon);
  const { simulationId } = puppet.ids;
  const subscription = daemon.client.subscribe({});
  const watch = daemon.client.stream(clientMethods.WatchSimulations, {});
  const output = daemon.client.output({ simulationId, follow: true });
  await Promise.all([subscription.live, watch.live, output.live]);
  for (const surplus of [
    daemon.client.subscribe({}),
    daemon.client.stream(clientMethods.WatchSimulations, {}),
    daemon.client.output({ simulationId, follow: true }),
  ]) {
    expect(await surplus.ended()).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'CAPACITY_EXHAUSTED',
      message: expect.stringContaining('limits.max_subscriptions (3) is reached; end a SubscribeToEvents'),
    });
  }
  watch.cancel();
  await until('its place is free', () =>
    daemon.client.subscribe({}).live.then(
      () => true,
      () => false,
    ),
  );
});

test('a worker has 64 streams of events at once, however many connections it opens', async () => {
  const [puppet, other] = [await startRegistered(daemon), await startRegistered(daemon)];
  const event = (at: number) => envelope({ eventTypeKey: 'sim.a.v1', eventId: `e-${at}` });
  const streams = Array.from({ length: 64 }, (_, at) => {
    const stream = puppet.reportEventStream();
    stream.send(event(at));
    return stream;
  });
  await Promise.all(streams.map(({ answers }) => answers.count(1)));
  expect(await puppet.reportEventBatches().answers.ended()).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    message: expect.stringContaining('streams of one worker (64) is reached'),
  });
  const another = other.reportEventStream();
  another.send(event(0));
  await another.answers.count(1);
  for (const stream of streams) stream.answers.cancel();
});

test('simulations that start have limits.max_starting places; what is refused is not recorded', async () => {
  const [first] = [await startPuppet(daemon), await startPuppet(daemon)];
  const before = (await daemon.client.list()).simulations.length;
  expect(await failureOf(daemon.client.start({ workerType: 'puppet', simulationId: 'surplus' }))).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    message: expect.stringContaining('limits.max_starting (2) is reached'),
  });
  expect((await daemon.client.list()).simulations).toHaveLength(before);
  await first.register();
  await startPuppet(daemon, { simulationId: 'surplus' });
});
