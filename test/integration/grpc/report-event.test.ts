import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';

const MAX_EVENT_BYTES = 10_000;

let daemon: InProcessDaemon;
let puppet: Puppet;
beforeAll(async () => {
  const events = [
    { key: 'sim.quiet.v1', log: false },
    { key: 'sim.moved.v1', subject: 'events.reef.{simulation_id}.{agent_id}.moved', log: false },
  ];
  daemon = await startDaemon({
    workerTypes: [puppetType({ options: { events } })],
    limits: { max_event_bytes: MAX_EVENT_BYTES },
    sections: { routing: { rules: [{ key: 'sim.ruled.*', subject: 'events.ruled', log: false }] } },
  });
  puppet = await startRegistered(daemon);
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** Reports one event and returns it as it was published. */
async function published(bytes: Buffer) {
  const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId });
  await events.live;
  const answer = await puppet.reportEvent(bytes);
  const [event] = await events.count(1);
  events.cancel();
  if (event === undefined) throw new Error('nothing was published');
  return { ...event, answer };
}

describe('ReportEvent', () => {
  test('fills in what was left empty behind the reported bytes, and nothing else', async () => {
    const reported = envelope({ eventTypeKey: 'sim.quiet.v1', attributes: { a: 'b' }, ordinal: 5 });
    const before = BigInt(Date.now()) * 1_000_000n;
    const { bytes } = await published(reported);
    expect(bytes.subarray(0, reported.length)).toEqual(reported);
    const added = readEnvelope(bytes.subarray(reported.length));
    expect(added).toMatchObject({
      eventId: expect.stringMatching(/^[\x21-\x7e]{1,128}$/),
      sourceWorkerId: puppet.ids.workerId,
      simulationId: puppet.ids.simulationId,
      eventTypeKey: '',
      ordinal: '0',
      attributes: {},
    });
    expect(BigInt(added.timestampNs)).toBeGreaterThanOrEqual(before);
    expect(readEnvelope(bytes)).toMatchObject({ eventTypeKey: 'sim.quiet.v1', attributes: { a: 'b' }, ordinal: '5' });
  });

  test('adds nothing to an event that has everything', async () => {
    const reported = envelope({
      ...{ eventTypeKey: 'sim.quiet.v1', eventId: 'whole', timestampNs: 1, sourceWorkerId: puppet.ids.workerId },
      simulationId: puppet.ids.simulationId,
    });
    expect((await published(reported)).bytes).toEqual(reported);
  });

  test('answers whether it was logged and where: sequences rise', async () => {
    const logged = () => puppet.reportEvent(envelope({ eventTypeKey: 'sim.world_state.v1' }));
    const [first, second] = [await logged(), await logged()];
    expect([first.logged, second.logged]).toEqual([true, true]);
    expect(Number(second.logSequence)).toBeGreaterThan(Number(first.logSequence));
    const quiet = await puppet.reportEvent(envelope({ eventTypeKey: 'sim.quiet.v1' }));
    expect(quiet).toEqual({ logged: false, logSequence: '0' });
  });

  test('reported again with the same id is the same entry of the log', async () => {
    const event = envelope({ eventTypeKey: 'sim.world_state.v1', eventId: 'again' });
    const first = await puppet.reportEvent(event);
    expect(await puppet.reportEvent(event)).toEqual(first);
  });

  test.each([
    ['sim.world_state.v3', {}, 'events.simulation.{id}.world_state', true],
    ['sim.agent_observation.v1', { agent_id: 'a-1' }, 'events.simulation.{id}.agent.a-1.observation', true],
    ['sim.agent_reward.v1', { agent_id: 'a-1' }, 'events.simulation.{id}.agent.a-1.reward', true],
    ['sim.agent_died.v1', {}, 'events.simulation.{id}.agent_died', true],
    ['sim.moved.v1', { agent_id: 'a-1' }, 'events.reef.{id}.a-1.moved', false],
    ['sim.ruled.v1', {}, 'events.ruled', false],
    ['reef.deep.v1', {}, 'events.simulation.{id}.event.reef.deep.v1', true],
  ])('routes %s to its subject, logged or not', async (eventTypeKey, attributes, subject, logged) => {
    const event = await published(envelope({ eventTypeKey, attributes: attributes as Record<string, string> }));
    expect(event.subject).toBe(subject.replace('{id}', puppet.ids.simulationId));
    expect(event.answer.logged).toBe(logged);
  });

  test('takes the last of a repeated field, for the checks and the subject too', async () => {
    const twice = Buffer.concat([
      envelope({ eventTypeKey: 'orchestrator.x', simulationId: 'someone-elses' }),
      envelope({ eventTypeKey: 'sim.quiet.v1', simulationId: puppet.ids.simulationId }),
    ]);
    expect((await published(twice)).subject).toBe(`events.simulation.${puppet.ids.simulationId}.quiet`);
    const hidden = Buffer.concat([
      envelope({ eventTypeKey: 'sim.quiet.v1' }),
      envelope({ simulationId: 'someone-elses' }),
    ]);
    expect(await failureOf(puppet.reportEvent(hidden))).toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  test('takes an event of exactly max_event_bytes, filled in, and refuses one byte more', async () => {
    const whole = {
      eventId: 'e',
      timestampNs: 1,
      sourceWorkerId: puppet.ids.workerId,
      ...{ simulationId: puppet.ids.simulationId },
    };
    const sized = (bytes: number): Buffer => {
      const empty = envelope({ ...whole, eventTypeKey: 'sim.quiet.v1', eventPayload: Buffer.alloc(200) }).length - 200;
      return envelope({ ...whole, eventTypeKey: 'sim.quiet.v1', eventPayload: Buffer.alloc(bytes - empty) });
    };
    expect(sized(MAX_EVENT_BYTES)).toHaveLength(MAX_EVENT_BYTES);
    await expect(puppet.reportEvent(sized(MAX_EVENT_BYTES))).resolves.toBeDefined();
    expect(await failureOf(puppet.reportEvent(sized(MAX_EVENT_BYTES + 1)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/10001 bytes.*max_event_bytes allows 10000/),
    });
  });
});
