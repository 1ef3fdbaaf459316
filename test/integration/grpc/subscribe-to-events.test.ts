import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, field, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const event = (eventTypeKey: string, eventId: string) => envelope({ eventTypeKey, eventId });

describe('SubscribeToEvents', () => {
  test('sends headers when it is live: every event after that comes, in order, with the reported bytes in front', async () => {
    const puppet = await startRegistered(daemon);
    const { simulationId } = puppet.ids;
    const events = daemon.client.subscribe({ simulationId });
    await events.live;
    const reported = Array.from({ length: 100 }, (_, at) =>
      envelope({ eventTypeKey: 'sim.world_state.v1', eventId: `e-${at}`, eventPayload: Buffer.alloc(at, at) }),
    );
    for (const bytes of reported) await puppet.reportEvent(bytes);
    const received = await events.count(100);
    for (const [at, { bytes, subject, dropped, logSequence }] of received.entries()) {
      expect(bytes.subarray(0, reported[at]?.length)).toEqual(reported[at]);
      expect(readEnvelope(bytes)).toMatchObject({
        eventId: `e-${at}`,
        simulationId,
        sourceWorkerId: puppet.ids.workerId,
      });
      expect({ subject, dropped }).toEqual({ subject: `events.simulation.${simulationId}.world_state`, dropped: 0 });
      expect(logSequence).toBe((received[0]?.logSequence ?? 0) + at);
    }
  });

  test('passes on fields that this version does not know, as they came', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId });
    await events.live;
    const later = Buffer.concat([event('sim.later.v1', 'e-1'), field(1_000, Buffer.from('from the future'))]);
    await puppet.reportEvent(later);
    const [received] = await events.count(1);
    expect(received?.bytes.subarray(0, later.length)).toEqual(later);
  });

  test('chooses by simulation and by keys with wildcards', async () => {
    const [one, other] = [await startRegistered(daemon), await startRegistered(daemon)];
    const subscribe = (request: object) => daemon.client.subscribe(request);
    const ofOne = subscribe({ simulationId: one.ids.simulationId });
    const agents = subscribe({ eventTypeKeys: ['sim.*.v1', 'reef.>'] });
    await Promise.all([ofOne.live, agents.live]);
    await one.reportEvent(event('sim.a.v1', '1'));
    await one.reportEvent(event('sim.a.v2', '2'));
    await other.reportEvent(event('reef.deep.down', '3'));
    await other.reportEvent(event('sim.a.v1', '4'));
    await one.reportEvent(event('sim.end.v1', '5'));
    const idsOf = (received: readonly { bytes: Buffer }[]) => received.map(({ bytes }) => readEnvelope(bytes).eventId);
    expect(idsOf(await agents.count(4))).toEqual(['1', '3', '4', '5']);
    expect(idsOf(await ofOne.count(3))).toEqual(['1', '2', '5']);
  });

  test('of one simulation ends OK after its last event, which is its manifest', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId });
    await events.live;
    await puppet.reportEvent(event('sim.a.v1', '1'));
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    expect(await events.ended()).toMatchObject({ code: 'OK' });
    expect(events.messages.map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual([
      '1',
      expect.stringMatching(/^manifest-\d+-1$/),
    ]);
  });

  test('of a simulation that has ended already ends OK at once', async () => {
    const puppet = await startRegistered(daemon);
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    expect(await daemon.client.subscribe(puppet.ids).ended()).toMatchObject({ code: 'OK' });
  });

  test('of an unknown simulation waits for it, and ends with it', async () => {
    const events = daemon.client.subscribe({ simulationId: 'awaited' });
    await events.live;
    const puppet = await startPuppet(daemon, { simulationId: 'awaited' });
    await puppet.register();
    await puppet.reportEvent(event('sim.a.v1', '1'));
    await events.count(1);
    await daemon.client.control('awaited', { stop: { force: true } });
    expect(await events.ended()).toMatchObject({ code: 'OK' });
  });

  test.each([
    ['simulation_id', { simulationId: 'a.b' }],
    ['event_type_keys', { eventTypeKeys: ['a..b'] }],
    ['event_type_keys', { eventTypeKeys: ['>.a'] }],
    ['event_type_keys', { eventTypeKeys: Array(65).fill('a') }],
    ['simulation_ids', { simulationIds: ['a', 'b c'] }],
    ['simulation_ids', { simulationIds: Array.from({ length: 1_001 }, (_, at) => `s${at}`) }],
    ['simulation_ids', { simulationId: 'a', simulationIds: ['b'] }],
    ['label_selector', { labelSelector: 'a in b' }],
    ['attributes', { attributes: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, ''])) }],
    ['max_rate_hz', { maxRateHz: -1 }],
    ['max_rate_hz', { maxRateHz: Number.NaN }],
    ['max_rate_hz', { maxRateHz: Number.POSITIVE_INFINITY }],
    ['overflow', { overflow: 4 as never }],
    ['from_sequence', { fromSequence: '18446744073709551615' }],
    ['from_time', { fromTime: { seconds: 1, nanos: -1 } }],
    ['from_time', { fromTime: { seconds: '253402300800' } }],
  ])('refuses a bad %s', async (field, request) => {
    expect(await daemon.client.subscribe(request).ended()).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field },
    });
  });

  test('accepts new_only and DROP_OLDEST, which are how it works unasked', async () => {
    const request = { newOnly: true, overflow: 'OVERFLOW_POLICY_DROP_OLDEST' as const };
    await daemon.client.subscribe(request).live;
  });
});
