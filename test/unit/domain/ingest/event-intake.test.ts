import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import type { IngestWorker } from '../../../../src/domain/ingest/ingest-worker.ts';
import type { EventDeclaration } from '../../../../src/domain/routing/route-table.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { commandAck, type EnvelopeFields, envelope, readEnvelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { hostileText } from '../arbitrary-ids.ts';

const events: EventDeclaration[] = [
  { key: 'sim.world_state.v1' },
  { key: 'sim.agent_observation.v1', log: false },
  { key: 'fish.bubble', subject: 'events.{zone}.bubbles' },
];

describe('the intake of events', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;
  let worker: IngestWorker;

  beforeEach(async () => {
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { events })], limits: { maxEventBytes: 1_000 } });
    id = await domain.run({ simulationId: 'reef-1' });
    worker = domain.authentication.ingestWorker({ token: domain.worker(id).token, claimedWorkerId: '' });
  });

  const complete: EnvelopeFields = {
    eventId: 'e1',
    eventTypeKey: 'sim.world_state.v1',
    timestampNs: '5',
    sourceWorkerId: 'w-1',
    simulationId: 'reef-1',
  };
  const accept = (...envelopes: Uint8Array[]) => domain.intake.accept(worker, envelopes);
  const event = (fields: EnvelopeFields = {}) => envelope({ ...complete, ...fields });

  test('publishes the very bytes on the subject of the event and logs them', async () => {
    const bytes = event({ eventPayload: Buffer.from([1, 2, 3]) });
    const receipt = await accept(bytes);
    expect(receipt).toMatchObject({ rejected: [], logged: 1, lastSequence: 1 });
    expect(domain.bus.published).toEqual([{ subject: 'events.simulation.reef-1.world_state', bytes }]);
    expect(domain.log.appended).toEqual([
      { simulationId: 'reef-1', eventTypeKey: 'sim.world_state.v1', eventId: 'e1', bytes, simulationSequence: 1 },
    ]);
    expect(domain.bus.published[0]?.bytes).toBe(bytes);
  });

  test('publishes and does not log what is not marked for logging', async () => {
    const receipt = await accept(
      event({ eventTypeKey: 'sim.agent_observation.v1', attributes: { agent_id: 'fish-7' } }),
    );
    expect(receipt).toMatchObject({ rejected: [], logged: 0, lastSequence: 0 });
    expect([domain.bus.subjects, domain.log.appended]).toEqual([
      ['events.simulation.reef-1.agent.fish-7.observation'],
      [],
    ]);
  });

  test('fills in what the worker left out, behind the reported bytes', async () => {
    const bytes = envelope({ eventTypeKey: 'sim.world_state.v1', eventPayload: Buffer.from('p') });
    await accept(bytes);
    const [message] = domain.bus.published;
    expect(Buffer.from(message?.bytes ?? []).subarray(0, bytes.length)).toEqual(bytes);
    expect(readEnvelope(message?.bytes ?? Buffer.alloc(0))).toMatchObject({
      eventId: 'e-1',
      timestampNs: `${domain.clock.nowMs()}000000`,
      sourceWorkerId: 'w-1',
      simulationId: 'reef-1',
      eventPayload: Buffer.from('p'),
    });
    expect(domain.log.appended[0]).toMatchObject({ eventId: 'e-1', bytes: message?.bytes });
  });

  test('keeps the order within a batch and over batches that are under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    domain.log.durable = promise;
    const batches = Array.from({ length: 20 }, (_, batch) =>
      accept(...Array.from({ length: 5 }, (_each, at) => event({ eventId: `b${batch}-${at}` }))),
    );
    const expected = Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 5 }, (_each, at) => `b${batch}-${at}`),
    ).flat();
    expect(domain.log.appended.map(({ eventId }) => eventId)).toEqual(expected);
    expect(domain.bus.published.map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual(expected);
    resolve();
    expect((await Promise.all(batches)).map(({ lastSequence }) => lastSequence)).toEqual(
      Array.from({ length: 20 }, (_, batch) => 5 * (batch + 1)),
    );
  });

  test('answers when what is to be logged is durable and the bus has room, and not before', async () => {
    const durable = Promise.withResolvers<void>();
    const room = Promise.withResolvers<void>();
    domain.log.durable = durable.promise;
    domain.bus.room = room.promise;
    let isAnswered = false;
    const answer = accept(event()).then(() => {
      isAnswered = true;
    });
    await settle();
    durable.resolve();
    await settle();
    expect(isAnswered).toBe(false);
    room.resolve();
    await answer;
  });

  test.each<[string, EnvelopeFields, string, string]>([
    ['another simulation', { simulationId: 'reef-2' }, 'COMMAND_FORBIDDEN', 'simulation_id'],
    ['a simulation with a longer name', { simulationId: 'reef-1x' }, 'COMMAND_FORBIDDEN', 'simulation_id'],
    ['another worker', { sourceWorkerId: 'w-2' }, 'COMMAND_FORBIDDEN', 'source_worker_id'],
    [
      'a key of Shoal itself',
      { eventTypeKey: 'orchestrator.simulation_state.v1' },
      'COMMAND_FORBIDDEN',
      'event_type_key',
    ],
    ['a command', { eventTypeKey: 'orchestrator.control.stop_worker' }, 'COMMAND_FORBIDDEN', 'event_type_key'],
    ['no key', { eventTypeKey: '' }, 'INVALID_ARGUMENT', 'event_type_key'],
    ['a key with a wildcard', { eventTypeKey: 'sim.*.v1' }, 'INVALID_ARGUMENT', 'event_type_key'],
    ['an id with a space', { eventId: 'a b' }, 'INVALID_ARGUMENT', 'event_id'],
    ['an id that is too long', { eventId: 'x'.repeat(129) }, 'INVALID_ARGUMENT', 'event_id'],
    ['a negative timestamp', { timestampNs: '-1' }, 'INVALID_ARGUMENT', 'timestamp_ns'],
    ['a missing attribute', { eventTypeKey: 'sim.agent_reward.v1' }, 'INVALID_ARGUMENT', 'attributes.agent_id'],
    [
      'an attribute that is no token',
      { eventTypeKey: 'fish.bubble', attributes: { zone: 'a.b' } },
      'INVALID_ARGUMENT',
      'attributes.zone',
    ],
  ])('rejects %s by itself; the rest goes on', async (_what, fields, code, field) => {
    const { rejected, logged } = await accept(
      event({ eventId: 'before' }),
      event({ eventId: 'bad', ...fields }),
      event({ eventId: 'after' }),
    );
    expect(rejected).toEqual([
      {
        index: 1,
        eventId: (fields.eventId ?? 'bad').slice(0, 128),
        code,
        message: expect.stringContaining(field),
        metadata: { field },
      },
    ]);
    expect([logged, domain.log.appended.map(({ eventId }) => eventId)]).toEqual([2, ['before', 'after']]);
    expect(domain.bus.published).toHaveLength(2);
  });

  test('rejects bytes that are no envelope, without an id', async () => {
    const half = Buffer.concat([event({ eventId: 'half' }), Buffer.from([0x0a, 0xff])]);
    const { rejected } = await accept(event({ eventId: 'a b' }), half, Buffer.from([0xff]), event());
    const noEnvelope = {
      eventId: '',
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('not a GenericEventRequest'),
      metadata: { field: 'event' },
    };
    expect(rejected.slice(1)).toEqual([
      { index: 1, ...noEnvelope },
      { index: 2, ...noEnvelope },
    ]);
    expect(domain.log.appended).toHaveLength(1);
  });

  test('rejects an event without an id under no id, whatever is wrong with it', async () => {
    const { rejected } = await accept(
      event({ eventId: '', eventPayload: Buffer.alloc(2_000) }),
      event({ eventId: '', eventTypeKey: 'sim.agent_reward.v1' }),
      event({ eventId: '', timestampNs: '-1' }),
    );
    expect(rejected.map(({ index, eventId }) => [index, eventId])).toEqual([
      [0, ''],
      [1, ''],
      [2, ''],
    ]);
  });

  test('takes an envelope of just the greatest size and rejects one byte more', async () => {
    const overhead = event({ eventPayload: Buffer.alloc(500) }).length - 500;
    const largest = event({ eventPayload: Buffer.alloc(1_000 - overhead) });
    const larger = event({ eventPayload: Buffer.alloc(1_001 - overhead) });
    expect([largest.length, larger.length]).toEqual([1_000, 1_001]);
    const { rejected, logged } = await accept(largest, larger);
    expect([logged, rejected.map(({ index, message }) => [index, message])]).toEqual([
      1,
      [[1, 'event: has 1001 bytes; limits.max_event_bytes allows 1000']],
    ]);
  });

  test('counts what Shoal fills in towards the size', async () => {
    const bytes = envelope({ eventTypeKey: 'sim.world_state.v1', eventPayload: Buffer.alloc(970) });
    expect(bytes.length).toBeLessThanOrEqual(1_000);
    expect((await accept(bytes)).rejected).toHaveLength(1);
  });

  test('lets the last of a repeated field count, also for whose event it is', async () => {
    const lie = envelope({ simulationId: 'reef-2', sourceWorkerId: 'w-2' });
    const truth = event();
    const { rejected, logged } = await accept(Buffer.concat([lie, truth]), Buffer.concat([truth, lie]));
    expect([logged, rejected.map(({ index, code }) => [index, code])]).toEqual([1, [[1, 'COMMAND_FORBIDDEN']]]);
  });

  test('never publishes outside of events, nor on a subject with other tokens, whatever the event says', async () => {
    const fields = fc.record({
      eventTypeKey: fc.oneof(fc.constantFrom('fish.bubble', 'sim.agent_reward.v1', 'sim.x.v1', 'a.b'), hostileText),
      attributes: fc.dictionary(fc.constantFrom('zone', 'agent_id'), hostileText),
      eventId: fc.oneof(fc.constant(''), hostileText),
    });
    await fc.assert(
      fc.asyncProperty(fields, async (hostile) => {
        domain.bus.published.length = 0;
        const { rejected } = await accept(event(hostile));
        expect(domain.bus.published).toHaveLength(1 - rejected.length);
        for (const { subject } of domain.bus.published) expect(subject).toMatch(/^events(\.[A-Za-z0-9_-]{1,128})+$/);
        for (const { eventId } of domain.log.appended) expect(eventId).toMatch(/^[\x21-\x7e]{1,128}$/);
      }),
      { numRuns: 500 },
    );
  });

  describe('of acknowledgements', () => {
    const acknowledgement = (commandId: string, payload: Uint8Array, fields: EnvelopeFields = {}) =>
      event({
        eventTypeKey: 'worker.command_ack.v1',
        correlationId: commandId,
        eventPayload: Buffer.from(payload),
        ...fields,
      });

    test('brings them to the command that they answer, and neither publishes nor logs them', async () => {
      const paused = domain.control.run(anyone(), {
        simulationId: id,
        command: { name: 'pause' },
        requestId: '',
        fingerprint: '',
        wait: true,
      });
      await settle();
      const receipt = await accept(acknowledgement(domain.lastCommand().id, commandAck({ ok: true, tick: '8' })));
      expect(await paused).toMatchObject({ state: 'PAUSED', tick: 8n });
      expect(receipt).toMatchObject({ rejected: [], logged: 0, lastSequence: 0 });
      expect([domain.bus.published, domain.log.appended, domain.counters.acknowledgements]).toEqual([[], [], 1]);
    });

    test('rejects one that cannot be read', async () => {
      const { rejected } = await accept(acknowledgement('c-1', Buffer.from([0xff])));
      expect(rejected).toEqual([expect.objectContaining({ index: 0, code: 'INVALID_ARGUMENT' })]);
    });

    test('rejects one in the name of another worker', async () => {
      const { rejected } = await accept(acknowledgement('c-1', commandAck({ ok: true }), { sourceWorkerId: 'w-2' }));
      expect(rejected).toEqual([expect.objectContaining({ code: 'COMMAND_FORBIDDEN' })]);
    });

    test('does not count them among the events of the simulation', async () => {
      await accept(acknowledgement('c-1', commandAck({ ok: true })), event());
      expect(domain.registry.view(id).figures).toMatchObject({ eventsReceived: 1, eventsLogged: 1 });
    });
  });

  describe('when bus or log fail', () => {
    const away = new ShoalError('BUS_UNAVAILABLE', 'not connected');

    test.each(['bus', 'log', 'both'])('rejects the batch, so that the worker reports it again: %s', async (which) => {
      if (which !== 'log') domain.bus.failure = away;
      if (which !== 'bus') domain.log.failure = away;
      await expect(accept(event())).rejects.toBe(away);
      domain.bus.failure = domain.log.failure = undefined;
      expect(await accept(event())).toMatchObject({ rejected: [], logged: 1 });
    });

    test('counts an event once that is reported again', async () => {
      domain.log.failure = away;
      await expect(accept(event(), event({ eventId: 'e2' }))).rejects.toBe(away);
      domain.log.failure = undefined;
      await accept(event(), event({ eventId: 'e2' }));
      expect(domain.registry.view(id).figures).toMatchObject({ eventsReceived: 2, eventsLogged: 2 });
      expect(domain.counters.of('fish', 'sim.world_state.v1')).toEqual({ received: 2, logged: 2 });
    });

    test('rejects by itself what the log refuses for good', async () => {
      domain.log.refuses = ({ eventId }) => (eventId === 'bad' ? 'too old' : undefined);
      const { rejected, logged, lastSequence } = await accept(
        event({ eventTypeKey: 'sim.agent_observation.v1', attributes: { agent_id: 'a' } }),
        event({ eventId: 'bad' }),
        event({ eventId: 'good' }),
      );
      expect(rejected).toEqual([
        { index: 1, eventId: 'bad', code: 'INVALID_ARGUMENT', message: 'too old', metadata: { field: 'event' } },
      ]);
      expect([logged, lastSequence]).toEqual([1, 1]);
      expect(domain.registry.view(id).figures.eventsLogged).toBe(1);
      expect(domain.counters.of('fish', 'sim.world_state.v1').logged).toBe(1);
    });

    test('tells rejections in the order of the batch, whoever rejected', async () => {
      domain.log.refuses = () => 'full';
      const { rejected } = await accept(event(), event({ eventId: 'a b' }), event(), event({ timestampNs: '-1' }));
      expect(rejected.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    });
  });

  describe('counts', () => {
    test('by simulation and by declared key; keys that a worker invents are one', async () => {
      await accept(
        event(),
        event({ eventId: 'e2', eventTypeKey: 'sim.agent_observation.v1', attributes: { agent_id: 'a' } }),
        event({ eventId: 'e3', eventTypeKey: 'invented.1' }),
        event({ eventId: 'e4', eventTypeKey: 'invented.2' }),
        event({ eventId: 'a b' }),
      );
      expect(domain.registry.view(id).figures).toMatchObject({ eventsReceived: 4, eventsLogged: 3 });
      const counts = [...domain.counters.entries()].map(([type, key, { received, logged }]) => [
        type,
        key,
        received,
        logged,
      ]);
      expect(counts).toEqual([
        ['fish', 'sim.world_state.v1', 1, 1],
        ['fish', 'sim.agent_observation.v1', 1, 0],
        ['fish', 'other', 2, 2],
      ]);
      expect(domain.counters.rejected).toBe(1);
    });

    test('stay bounded, and routes stay right, when a worker invents thousands of keys', async () => {
      for (let at = 0; at < 3; at += 1) {
        const batch = Array.from({ length: 1_000 }, (_, each) =>
          event({ eventId: `e${at}-${each}`, eventTypeKey: `key.${at}.${each}` }),
        );
        expect((await accept(...batch)).rejected).toEqual([]);
      }
      expect(domain.bus.subjects.at(-1)).toBe('events.simulation.reef-1.event.key.2.999');
      expect([...domain.counters.entries()]).toHaveLength(1);
    });
  });

  test('of an empty batch does nothing', async () => {
    domain.bus.failure = domain.log.failure = new Error('not to be called');
    expect(await accept()).toMatchObject({ rejected: [], logged: 0, lastSequence: 0 });
  });
});
