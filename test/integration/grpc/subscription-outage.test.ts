import { expect, test } from 'vitest';
import { envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { startNatsServer } from '../../support/nats-server.ts';

test('a nats-server that is killed and comes back costs a subscriber nothing of what is logged', async () => {
  await using server = await startNatsServer();
  await using daemon = await startDaemon({ workerTypes: [puppetType()], natsUrl: server.url });
  const puppet = await startRegistered(daemon);
  const { simulationId } = puppet.ids;
  const following = daemon.client.subscribe({ simulationId });
  const everything = daemon.client.subscribe({ simulationId, fromBeginning: true });
  await Promise.all([following.live, everything.live]);
  const stream = puppet.reportEventStream();
  const ids = Array.from({ length: 1_500 }, (_, at) => String(at));
  for (const [at, eventId] of ids.entries()) {
    stream.send(envelope({ eventTypeKey: 'sim.a.v1', eventId }));
    if (at === 500 || at === 1_000) {
      await following.count(at / 2);
      await server.kill();
      await server.restart();
    }
  }
  stream.end();
  expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
  for (const events of [following, everything]) {
    const received = await events.count(ids.length);
    expect(received.map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual(ids);
    expect(received.map(({ logSequence }) => logSequence)).toEqual(ids.map((_, at) => at + 1));
  }
});
