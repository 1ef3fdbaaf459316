import { expect } from 'vitest';
import type { RegisterWorkerRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import { batch, envelope, field, varint } from '../../support/daemon/envelopes.ts';
import { nextPuppet } from '../../support/daemon/puppet.ts';
import type { BadInput } from './bad-input.ts';
import { toldBy } from './hostile-neighbourhood.ts';

const key = { eventTypeKey: 'sim.a.v1' };
const sound = envelope(key);

function report(what: string, named: string, bytes: Buffer): BadInput {
  return {
    what: `an event with ${what}`,
    told: { status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT', named },
    act: ({ target }) => toldBy(target.reportEvent(bytes)),
  };
}

function register(what: string, named: string, request: RegisterWorkerRequest): BadInput {
  return {
    what: `a registration with ${what}`,
    told: { status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT', named },
    act: ({ target }) => toldBy(target.register(request)),
  };
}

function forbidden(what: string, named: string, event: Parameters<typeof envelope>[0]): BadInput {
  return {
    what: `an event of ${what}`,
    told: { status: 'PERMISSION_DENIED', reason: 'COMMAND_FORBIDDEN', named },
    act: ({ target }) => toldBy(target.reportEvent(envelope(event))),
  };
}

/** Envelopes, and what a worker says of itself. */
export const badEnvelopes: readonly BadInput[] = [
  report('no key', 'event_type_key', envelope({})),
  report('a key of empty tokens', 'event_type_key', envelope({ eventTypeKey: 'a..b' })),
  report('a key that is a wildcard', 'event_type_key', envelope({ eventTypeKey: 'sim.>' })),
  report('a key with a protocol line', 'event_type_key', envelope({ eventTypeKey: 'sim.a\r\nPUB x 1' })),
  report('a key of 17 tokens', 'event_type_key', envelope({ eventTypeKey: Array(17).fill('a').join('.') })),
  report('an id with a space', 'event_id', envelope({ ...key, eventId: 'a b' })),
  report('an id of 129 characters', 'event_id', envelope({ ...key, eventId: 'a'.repeat(129) })),
  report('an id beyond ASCII', 'event_id', envelope({ ...key, eventId: 'é' })),
  report('a negative time', 'timestamp_ns', envelope({ ...key, timestampNs: -1 })),
  report('no attribute for its subject', 'attributes.agent_id', envelope({ eventTypeKey: 'sim.agent_reward.v1' })),
  report(
    'an attribute that is several tokens',
    'attributes.agent_id',
    envelope({ eventTypeKey: 'sim.agent_reward.v1', attributes: { agent_id: 'a.b' } }),
  ),
  report(
    'too many attributes',
    'attributes',
    envelope({ ...key, attributes: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, ''])) }),
  ),
  report('attributes that are too long', 'attributes', envelope({ ...key, attributes: { a: 'x'.repeat(17_000) } })),
  report(
    'an acknowledgement that is too large',
    'event',
    envelope({ eventTypeKey: 'worker.command_ack.v1', correlationId: 'c', eventPayload: Buffer.alloc(33_000) }),
  ),
  register('an sdk that is too long', 'sdk', { sdk: 'x'.repeat(256) }),
  register('too many commands', 'supported_commands', { supportedCommands: Array(65).fill('pause') }),
  register('too many labels', 'labels', {
    labels: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, ''])),
  }),
  register('a label that is too long', 'labels', { labels: { a: 'x'.repeat(1_025) } }),
  {
    what: 'a heartbeat with too many gauges',
    told: { status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT', named: 'gauges' },
    act: ({ target }) => {
      const gauges = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`g${at}`, 1]));
      return toldBy(target.heartbeat({ gauges }));
    },
  },
  report('too much in it', 'event', envelope({ ...key, eventPayload: Buffer.alloc(33_000) })),
  report('a text that is not UTF-8', 'event', Buffer.concat([sound, field(8, Buffer.from([0xff]))])),
  report('a length beyond its end', 'event', Buffer.concat([sound, Buffer.from([0x1a, 0x7f])])),
  report('a group that does not end', 'event', Buffer.concat([sound, varint(20 * 8 + 3)])),
  report('no protobuf in it', 'event', Buffer.from('hello world')),
  {
    what: 'a batch of tens of thousands of events',
    told: { status: 'RESOURCE_EXHAUSTED', reason: 'CAPACITY_EXHAUSTED', named: 'events' },
    act: async ({ target }) => {
      const { answers, send } = target.reportEventBatches();
      send(batch(1, Array(60_000).fill(Buffer.alloc(0))));
      const { code, reason, metadata } = await answers.ended();
      expect(answers.messages).toEqual([]);
      return { status: code, reason: reason ?? '', named: metadata['field'] ?? '' };
    },
  },
  forbidden('another simulation', 'simulation_id', { ...key, simulationId: 'healthy' }),
  forbidden('another worker', 'source_worker_id', { ...key, sourceWorkerId: 'w-another' }),
  forbidden("a key of Shoal's own", 'event_type_key', { eventTypeKey: 'orchestrator.worker_crash.v1' }),
  {
    what: 'a registration with a guessed token',
    told: { status: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED', named: 'token' },
    act: ({ target }) => toldBy(target.register({}, { token: 'a-guess' })),
  },
  {
    what: "a registration with another worker's token",
    told: { status: 'PERMISSION_DENIED', reason: 'COMMAND_FORBIDDEN', named: 'worker_id' },
    act: ({ target, other }) => toldBy(target.register({}, { token: other.launch.token })),
  },
  {
    what: 'a registration for another simulation',
    told: { status: 'PERMISSION_DENIED', reason: 'COMMAND_FORBIDDEN', named: 'simulation_id' },
    act: ({ target }) => toldBy(target.register({ simulationId: 'healthy' })),
  },
  {
    what: 'a heartbeat of another worker',
    told: { status: 'PERMISSION_DENIED', reason: 'COMMAND_FORBIDDEN', named: 'worker_id' },
    act: ({ target }) => toldBy(target.heartbeat({ workerId: 'w-another' })),
  },
  {
    what: 'an event before any registration',
    told: { status: 'FAILED_PRECONDITION', reason: 'NOT_REGISTERED', named: 'RegisterWorker' },
    act: async ({ daemon }) => {
      const { simulationId } = await daemon.client.start({ workerType: 'puppet' });
      return toldBy((await nextPuppet(simulationId, 1)).reportEvent(sound));
    },
  },
];
