import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { envelope, field, readEnvelope, varint } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
let puppet: Puppet;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
  puppet = await startRegistered(daemon);
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('ReportEvent refuses', () => {
  test.each([
    ['no key', {}, /event_type_key/],
    ['a key that is no subject', { eventTypeKey: 'a..b' }, /event_type_key/],
    ['a key with a wildcard', { eventTypeKey: 'sim.*.v1' }, /event_type_key/],
    ['a key with a line end', { eventTypeKey: 'sim.a\r\nPUB x 1' }, /event_type_key/],
    ['a key of 17 tokens', { eventTypeKey: Array(17).fill('a').join('.') }, /event_type_key/],
    ['an id with a space', { eventTypeKey: 'sim.a.v1', eventId: 'a b' }, /event_id/],
    ['an id of 129 characters', { eventTypeKey: 'sim.a.v1', eventId: 'a'.repeat(129) }, /event_id/],
    ['an id beyond ASCII', { eventTypeKey: 'sim.a.v1', eventId: 'é' }, /event_id/],
    ['a negative time', { eventTypeKey: 'sim.a.v1', timestampNs: -1 }, /timestamp_ns/],
    ['a missing attribute of its subject', { eventTypeKey: 'sim.agent_reward.v1' }, /attributes\.agent_id.*missing/],
    [
      'an attribute that is no token',
      { eventTypeKey: 'sim.agent_reward.v1', attributes: { agent_id: 'a.b' } },
      /agent_id/,
    ],
  ])('%s', async (_what, event, message) => {
    expect(await failureOf(puppet.reportEvent(envelope(event)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  test("a key of Shoal's own: PERMISSION_DENIED", async () => {
    expect(
      await failureOf(puppet.reportEvent(envelope({ eventTypeKey: 'orchestrator.worker_crash.v1' }))),
    ).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'COMMAND_FORBIDDEN',
    });
  });

  test.each([
    ['no protobuf', Buffer.from('hello world')],
    ['a truncated envelope', envelope({ eventTypeKey: 'sim.a.v1' }).subarray(0, 5)],
    ['a length beyond the end', Buffer.concat([envelope({ eventTypeKey: 'sim.a.v1' }), Buffer.from([0x1a, 0x7f])])],
    [
      'a text that is not UTF-8',
      Buffer.concat([envelope({ eventTypeKey: 'sim.a.v1' }), field(8, Buffer.from([0xff]))]),
    ],
    [
      'an acknowledgement that is none',
      envelope({ eventTypeKey: 'worker.command_ack.v1', eventPayload: Buffer.from([0xff]) }),
    ],
    ['a group without an end', Buffer.concat([envelope({ eventTypeKey: 'sim.a.v1' }), varint(20 * 8 + 3)])],
  ])('%s: INVALID_ARGUMENT, and nothing is published', async (what, bytes) => {
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId });
    await events.live;
    expect(await failureOf(puppet.reportEvent(bytes))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await puppet.reportEvent(envelope({ eventTypeKey: 'sim.quiet.v1', eventId: what.replaceAll(' ', '-') }));
    expect(readEnvelope((await events.count(1))[0]?.bytes ?? Buffer.alloc(0)).eventId).toBe(what.replaceAll(' ', '-'));
    events.cancel();
  });
});
