import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { SubscribeToEventsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import type { BadInput } from './bad-input.ts';
import { toldBy } from './hostile-neighbourhood.ts';

/** An entry of field 6 of StartSimulationRequest: the label `a`, without a value. */
const LABEL = Buffer.from([0x32, 3, 0x0a, 1, 0x61]);

const invalid = (named: string) => ({ status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT', named });

function start(what: string, named: string, request: StartSimulationRequest): BadInput {
  return {
    what: `StartSimulation with ${what}`,
    told: invalid(named),
    act: ({ daemon }) => toldBy(daemon.client.start({ workerType: 'puppet', ...request })),
  };
}

function control(what: string, named: string, command: ControlSimulationRequest): BadInput {
  return {
    what: `ControlSimulation with ${what}`,
    told: invalid(named),
    act: ({ daemon, target }) => toldBy(daemon.client.control(target.ids.simulationId, command)),
  };
}

function subscribe(what: string, named: string, request: SubscribeToEventsRequest): BadInput {
  return {
    what: `SubscribeToEvents with ${what}`,
    told: invalid(named),
    act: async ({ daemon }) => {
      const { code, reason, metadata } = await daemon.client.subscribe(request).ended();
      return { status: code, reason: reason ?? '', named: metadata['field'] ?? '' };
    },
  };
}

const many = (count: number, make: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => make(at));
const long = (length: number): string => 'x'.repeat(length);

const number = (numberValue: number) => ({ fields: { depth: { numberValue } } });

/** Requests whose fields are out of their bounds, and ids that would be something else in a subject, a path or an argument list. */
export const badRequests: readonly BadInput[] = [
  start('an id that is a path', 'simulation_id', { simulationId: '../../etc/passwd' }),
  start('an id with a subject wildcard', 'simulation_id', { simulationId: 'run.>' }),
  start('an id that is an option', 'simulation_id', { simulationId: '--force' }),
  start('an id with a protocol line', 'simulation_id', { simulationId: 'a\r\nPUB x 1\r\n1' }),
  start('an id with a NUL', 'simulation_id', { simulationId: 'a\0b' }),
  start('an id of 129 characters', 'simulation_id', { simulationId: 'a'.repeat(129) }),
  start('an id that looks like another', 'simulation_id', { simulationId: 'heаlthy' }),
  start('NaN in its configuration', 'config.depth', { config: number(Number.NaN) }),
  start('infinity in its configuration', 'config.depth', { config: number(Number.POSITIVE_INFINITY) }),
  start('two configurations', 'config', { config: {}, configBlob: Buffer.from('x'), configContentType: 'a/b' }),
  start('a blob without a type', 'config_content_type', { configBlob: Buffer.from('x') }),
  start('a configuration that is too large', 'config', {
    config: { fields: { text: { stringValue: 'x'.repeat(20_000) } } },
  }),
  start('a label that is none', 'labels', { labels: { 'a b': 'c' } }),
  start('a label value with a line end', 'labels', { labels: { a: 'b\nc' } }),
  start('too many labels', 'labels', { labels: { a: '', b: '', c: '', d: '', e: '' } }),
  start('a content type that is too long', 'config_content_type', {
    configBlob: Buffer.from('x'),
    configContentType: long(256),
  }),
  start('a request id that is too long', 'request_id', { requestId: 'x'.repeat(129) }),
  {
    what: 'StartSimulation of an unknown type',
    told: { status: 'NOT_FOUND', reason: 'WORKER_TYPE_UNKNOWN', named: 'worker_type' },
    act: ({ daemon }) => toldBy(daemon.client.start({ workerType: 'sharks' })),
  },
  {
    what: 'StartSimulation of an id that runs',
    told: { status: 'ALREADY_EXISTS', reason: 'SIMULATION_EXISTS', named: 'healthy' },
    act: ({ daemon }) => toldBy(daemon.client.start({ workerType: 'puppet', simulationId: 'healthy' })),
  },
  control('no command', 'command', {}),
  control('a negative timeout', 'timeout', { pause: {}, timeout: { seconds: -1 } }),
  control('a timeout of more than a day', 'timeout', { pause: {}, timeout: { seconds: 86_401 } }),
  control('a grace of more than a day', 'stop.grace', { stop: { grace: { seconds: 86_401 } } }),
  control('a content type of an action that is too long', 'agent_action.content_type', {
    agentAction: { agentId: 'a', contentType: long(256) },
  }),
  control('a content type of an agent that is too long', 'inject_agent.content_type', {
    injectAgent: { contentType: long(256) },
  }),
  control('a content type of a payload that is too long', 'custom.content_type', {
    custom: { commandKey: 'a', contentType: long(256) },
  }),
  control('a negative grace', 'stop.grace', { stop: { grace: { seconds: -1 } } }),
  control('a negative speed', 'set_speed.ticks_per_second', { setSpeed: { ticksPerSecond: -1 } }),
  control('a speed that is no number', 'set_speed.ticks_per_second', { setSpeed: { ticksPerSecond: Number.NaN } }),
  control('an agent that is a subject', 'agent_action.agent_id', { agentAction: { agentId: 'a.>' } }),
  control("a key of Shoal's own", 'custom.command_key', { custom: { commandKey: 'orchestrator.control.stop' } }),
  control('a key with a space', 'custom.command_key', { custom: { commandKey: 'a b' } }),
  control('a snapshot that is a path', 'snapshot.name', { snapshot: { name: '../../root' } }),
  {
    what: 'ControlSimulation of a revision that has passed',
    told: { status: 'ABORTED', reason: 'REVISION_CONFLICT', named: 'revision' },
    act: ({ daemon, target }) => {
      return toldBy(daemon.client.control(target.ids.simulationId, { pause: {}, expectedRevision: 1 }));
    },
  },
  {
    what: 'ControlSimulation of nobody',
    told: { status: 'NOT_FOUND', reason: 'SIMULATION_NOT_FOUND', named: 'nobody' },
    act: ({ daemon }) => toldBy(daemon.client.control('nobody', { pause: {} })),
  },
  {
    what: 'ControlSimulations of neither ids nor labels',
    told: invalid('simulation_ids'),
    act: ({ daemon }) => toldBy(daemon.client.call(clientMethods.ControlSimulations, { template: { pause: {} } })),
  },
  {
    what: 'ControlSimulations of too many',
    told: invalid('simulation_ids'),
    act: ({ daemon }) => {
      const request = { simulationIds: many(10_001, (at) => `s${at}`), template: { pause: {} } };
      return toldBy(daemon.client.call(clientMethods.ControlSimulations, request));
    },
  },
  {
    what: 'StartSimulation with tens of thousands of labels',
    told: invalid('labels'),
    act: async ({ daemon }) => {
      // Once decoded it would be a single label.
      const bytes = Buffer.alloc(20_000 * LABEL.length, LABEL);
      return toldBy(daemon.client.call({ ...clientMethods.StartSimulation, requestSerialize: () => bytes }, {}));
    },
  },
  {
    what: 'WatchSimulations of too many',
    told: invalid('simulation_ids'),
    act: async ({ daemon }) => {
      const request = { simulationIds: many(10_001, (at) => `s${at}`) };
      const { code, reason, metadata } = await daemon.client.stream(clientMethods.WatchSimulations, request).ended();
      return { status: code, reason: reason ?? '', named: metadata['field'] ?? '' };
    },
  },
  {
    what: 'ListSimulations of too many states',
    told: invalid('states'),
    act: ({ daemon }) => toldBy(daemon.client.list({ states: Array(33).fill('SIMULATION_STATE_RUNNING') })),
  },
  {
    what: 'ListSimulations with a selector that is too long',
    told: invalid('label_selector'),
    act: ({ daemon }) => toldBy(daemon.client.list({ labelSelector: many(700, (at) => `key${at}`).join(',') })),
  },
  {
    what: 'ListSimulations with a page that was never given',
    told: invalid('page_token'),
    act: ({ daemon }) => toldBy(daemon.client.list({ pageToken: '../1' })),
  },
  {
    what: 'ListSimulations with a selector that is none',
    told: invalid('label_selector'),
    act: ({ daemon }) => toldBy(daemon.client.list({ labelSelector: 'a in (b' })),
  },
  {
    what: 'GetSimulationStatus of a path',
    told: invalid('simulation_id'),
    act: ({ daemon }) => toldBy(daemon.client.get('../healthy')),
  },
  subscribe('a simulation that is a subject', 'simulation_id', { simulationId: '*' }),
  subscribe('a filter that is none', 'event_type_keys', { eventTypeKeys: ['a..b'] }),
  subscribe('a wildcard in the middle of a token', 'event_type_keys', { eventTypeKeys: ['sim.wor*'] }),
  subscribe('too many simulations', 'simulation_ids', { simulationIds: many(1_001, (at) => `s${at}`) }),
  subscribe('too many filters', 'event_type_keys', { eventTypeKeys: many(65, (at) => `a.b${at}`) }),
  subscribe('a filter that is too long', 'event_type_keys', { eventTypeKeys: [many(5_000, () => 'a').join('.')] }),
  subscribe('too many attributes', 'attributes', {
    attributes: Object.fromEntries(many(65, (at) => `a${at}`).map((name) => [name, ''])),
  }),
  subscribe('an attribute that is too long', 'attributes', { attributes: { a: long(1_025) } }),
  subscribe('a negative rate', 'max_rate_hz', { maxRateHz: -1 }),
  subscribe('a policy that there is not', 'overflow', { overflow: 9 as never }),
];
