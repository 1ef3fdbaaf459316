import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, readEnvelope, type SubscribedEvent } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

const workerTypes = [puppetType({ options: { events: [{ key: 'sim.quiet.v1', log: false }] } })];

const idsOf = (received: readonly SubscribedEvent[]) => received.map(({ bytes }) => readEnvelope(bytes).eventId);

async function report(puppet: Puppet, ids: readonly string[], eventTypeKey = 'sim.a.v1', attributes = {}) {
  const answers = [];
  for (const eventId of ids) {
    answers.push(await puppet.reportEvent(envelope({ eventTypeKey, eventId, attributes })));
  }
  return answers.map(({ logSequence }) => Number(logSequence));
}

describe.each(['memory', 'nats'] as const)('SubscribeToEvents over %s', (adapter) => {
  let server: RunningNatsServer | undefined;
  let daemon: InProcessDaemon;

  beforeAll(async () => {
    server = adapter === 'nats' ? await startNatsServer() : undefined;
    daemon = await startDaemon({ workerTypes, ...(server === undefined ? {} : { natsUrl: server.url }) });
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('from_beginning gives all that was logged, then what comes, each with its place in the log', async () => {
    const puppet = await startRegistered(daemon);
    const early = await report(puppet, ['1', '2', '3']);
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId, fromBeginning: true });
    await events.count(3);
    const late = await report(puppet, ['4', '5']);
    const received = await events.count(5);
    expect(idsOf(received)).toEqual(['1', '2', '3', '4', '5']);
    expect(received.map(({ logSequence }) => logSequence)).toEqual([...early, ...late]);
    expect(new Set(received.map(({ subject }) => subject))).toEqual(
      new Set([`events.simulation.${puppet.ids.simulationId}.a`]),
    );
  });

  test('a reader that comes back with from_sequence misses nothing and gets nothing twice', async () => {
    const puppet = await startRegistered(daemon);
    const { simulationId } = puppet.ids;
    const first = daemon.client.subscribe({ simulationId });
    await first.live;
    await report(puppet, ['1', '2', '3']);
    const seen = await first.count(2);
    first.cancel();
    await report(puppet, ['4']);
    const fromSequence = (seen[1]?.logSequence ?? 0) + 1;
    const second = daemon.client.subscribe({ simulationId, fromSequence });
    await report(puppet, ['5']);
    expect(idsOf(await second.count(3))).toEqual(['3', '4', '5']);
  });

  test('from_time begins with what was logged then', async () => {
    const puppet = await startRegistered(daemon);
    await report(puppet, ['1']);
    const border = Date.now() + 2;
    while (Date.now() <= border) await new Promise((resolve) => setTimeout(resolve, 1));
    await report(puppet, ['2', '3']);
    const fromTime = { seconds: Math.floor(border / 1_000), nanos: (border % 1_000) * 1_000_000 };
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId, fromTime, noFollow: true });
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    expect(idsOf(events.messages)).toEqual(['2', '3']);
  });

  test('no_follow ends OK at the end of the log, of all simulations and of one that nobody knows', async () => {
    const puppet = await startRegistered(daemon);
    const sequences = await report(puppet, ['1', '2']);
    const all = daemon.client.subscribe({ fromSequence: sequences[0] ?? 0, noFollow: true });
    expect(await all.ended()).toMatchObject({ code: 'OK' });
    expect(idsOf(all.messages)).toEqual(['1', '2']);
    for (const request of [{ simulationId: 'nobody', fromBeginning: true }, { newOnly: true }]) {
      const none = daemon.client.subscribe({ ...request, noFollow: true });
      expect(await none.ended()).toMatchObject({ code: 'OK' });
      expect(none.messages).toEqual([]);
    }
  });

  test('what is not logged comes live, without a place; what is logged comes once', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId });
    await events.live;
    await report(puppet, ['quiet-1', 'quiet-2'], 'sim.quiet.v1');
    await report(puppet, ['logged-1']);
    await report(puppet, ['quiet-3'], 'sim.quiet.v1');
    await report(puppet, ['logged-2']);
    const received = await events.count(5);
    const quiet = received.filter(({ logSequence }) => logSequence === 0);
    const logged = received.filter(({ logSequence }) => logSequence > 0);
    expect([idsOf(quiet), idsOf(logged)]).toEqual([
      ['quiet-1', 'quiet-2', 'quiet-3'],
      ['logged-1', 'logged-2'],
    ]);
  });

  test('chooses by attributes, of which all must match, logged or not', async () => {
    const puppet = await startRegistered(daemon);
    const attributes = { agent_id: 'fish-7', zone: 'reef' };
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId, attributes });
    await events.live;
    for (const key of ['sim.a.v1', 'sim.quiet.v1']) {
      await report(puppet, [`${key}-1`], key, { agent_id: 'fish-7' });
      await report(puppet, [`${key}-2`], key, { ...attributes, more: 'x' });
      await report(puppet, [`${key}-3`], key, { agent_id: 'fish-7', zone: 'deep' });
    }
    await report(puppet, ['last'], 'sim.a.v1', attributes);
    expect(new Set(idsOf(await events.count(3)))).toEqual(new Set(['sim.a.v1-2', 'sim.quiet.v1-2', 'last']));
  });

  test('chooses by labels and by several ids, also simulations that are started later', async () => {
    const mine = { labels: { owner: `me-${adapter}` } };
    const one = await startRegistered(daemon, mine);
    const other = await startRegistered(daemon);
    const byLabel = daemon.client.subscribe({ labelSelector: `owner=me-${adapter}` });
    const byId = daemon.client.subscribe({ simulationIds: [one.ids.simulationId, other.ids.simulationId] });
    await Promise.all([byLabel.live, byId.live]);
    const later = await startRegistered(daemon, mine);
    await report(one, ['1']);
    await report(other, ['2']);
    await report(later, ['3']);
    await report(one, ['4']);
    expect(idsOf(await byLabel.count(3))).toEqual(['1', '3', '4']);
    expect(idsOf(await byId.count(3))).toEqual(['1', '2', '4']);
  });

  test('of one simulation it ends OK behind the last event of the log, however slow the reader', async () => {
    const puppet = await startRegistered(daemon);
    const { simulationId } = puppet.ids;
    const events = daemon.client.subscribe({ simulationId, fromBeginning: true });
    await events.live;
    events.pause();
    const ids = Array.from({ length: 2_000 }, (_, at) => String(at));
    const stream = puppet.reportEventStream();
    const eventPayload = Buffer.alloc(500);
    for (const eventId of ids) stream.send(envelope({ eventTypeKey: 'sim.a.v1', eventId, eventPayload }));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    await daemon.client.control(simulationId, { stop: { force: true } });
    await daemon.client.untilState(simulationId, 'STOPPED');
    events.resume();
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    expect(idsOf(events.messages)).toEqual([...ids, expect.stringMatching(/^manifest-\d+-1$/)]);
    const again = daemon.client.subscribe({ simulationId, fromBeginning: true });
    expect(await again.ended()).toMatchObject({ code: 'OK' });
    expect(idsOf(again.messages)).toEqual([...ids, expect.stringMatching(/^manifest-\d+-1$/)]);
  });

  test('of one simulation it does not end before an event that was under way when the worker exited', async () => {
    const puppet = await startRegistered(daemon);
    const { simulationId } = puppet.ids;
    const events = daemon.client.subscribe({ simulationId });
    await events.live;
    await daemon.client.control(simulationId, { stop: { force: true } });
    await daemon.client.untilState(simulationId, 'STOPPED');
    await report(puppet, ['late']);
    await report(puppet, ['late-and-quiet'], 'sim.quiet.v1');
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    expect(idsOf(events.messages).sort()).toEqual([
      'late',
      'late-and-quiet',
      expect.stringMatching(/^manifest-\d+-1$/),
    ]);
  });

  test('latest_only skips what waits behind a newer event of its key; the last of each comes', async () => {
    const puppet = await startRegistered(daemon);
    const ids = Array.from({ length: 600 }, (_, at) => String(at));
    const stream = puppet.reportEventStream();
    for (const eventId of ids) {
      stream.send(envelope({ eventTypeKey: `sim.k${Number(eventId) % 3}.v1`, eventId }));
    }
    await stream.answers.until((answers) => Number(answers.at(-1)?.processed) === ids.length);
    const request = { simulationId: puppet.ids.simulationId, fromBeginning: true, latestOnly: true, noFollow: true };
    const events = daemon.client.subscribe(request);
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    const received = idsOf(events.messages);
    expect(received.length).toBeLessThan(300);
    expect(received.slice(-3).sort()).toEqual(['597', '598', '599']);
    expect(events.messages.at(-1)?.dropped).toBe(0);
  });

  test('max_rate_hz thins each key to the latest', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId, maxRateHz: 5 });
    await events.live;
    const start = performance.now();
    let sent = 0;
    for (; performance.now() - start < 1_000; sent += 1) {
      await report(puppet, [`a-${sent}`]);
      await report(puppet, [`q-${sent}`], 'sim.quiet.v1');
    }
    const last = sent - 1;
    await events.until((messages) => idsOf(messages).includes(`a-${last}`) && idsOf(messages).includes(`q-${last}`));
    const periods = Math.ceil((performance.now() - start) / 200) + 1;
    for (const key of ['a', 'q']) {
      const ids = idsOf(events.messages).filter((id) => id.startsWith(key));
      expect(ids.length).toBeGreaterThan(2);
      expect(ids.length).toBeLessThanOrEqual(periods);
    }
  });
});
