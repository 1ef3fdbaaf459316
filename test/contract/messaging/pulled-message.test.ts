import { expect, test } from 'vitest';
import { logFilters } from '../../../src/adapters/nats/log-filters.ts';
import { compileLogSubject } from '../../../src/adapters/nats/log-subject.ts';
import { pulledMessage } from '../../../src/adapters/nats/pulled-message.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';

const message = (reply: string) => ({ reply, subject: 'logging.events.raw.s1.a', data: new Uint8Array(1) });

test.each([
  '$JS.ACK.LOGGING_EVENTS.c1.1.41.7.1700000000123999999.3',
  '$JS.ACK.hub.ACC_HASH.LOGGING_EVENTS.c1.1.41.7.1700000000123999999.3.random',
])('the reply subject %s tells where the message stands', (reply) => {
  expect(pulledMessage(message(reply))).toMatchObject({
    consumer: 'c1',
    sequence: 41,
    delivery: 7,
    timeMs: 1_700_000_000_123,
    pending: 3,
  });
});

test('what the server says of the pull itself is no message', () => {
  expect(pulledMessage({ reply: '', subject: '_INBOX.x.1', data: new Uint8Array(0) })).toBeUndefined();
});

const [s1, s2] = [parseSimulationId('s1'), parseSimulationId('s2')];
const full = 'logging.events.raw.{simulation_id}.{event_type_key}';

test.each([
  [full, {}, undefined],
  [full, { simulationIds: [s1] }, { exact: ['logging.events.raw.s1.>'], cover: 'logging.events.raw.s1.>' }],
  [full, { eventTypeKeys: ['sim.*'] }, { exact: ['logging.events.raw.*.sim.*'], cover: 'logging.events.raw.*.sim.*' }],
  [
    full,
    { simulationIds: [s1, s2], eventTypeKeys: ['a'] },
    { exact: ['logging.events.raw.s1.a', 'logging.events.raw.s2.a'], cover: 'logging.events.raw.*.a' },
  ],
  [full, { eventTypeKeys: ['a', '>'] }, undefined],
  [full, { eventTypeKeys: ['a\r\nPUB x 1', 'x y'] }, undefined],
  [
    full,
    { simulationIds: [s1], eventTypeKeys: ['a$', 'b'] },
    { exact: ['logging.events.raw.s1.b'], cover: 'logging.events.raw.s1.b' },
  ],
  ['logging.events.raw', { simulationIds: [s1], eventTypeKeys: ['a'] }, undefined],
  [
    'logging.events.raw.{simulation_id}',
    { simulationIds: [s1], eventTypeKeys: ['a', 'b'] },
    { exact: ['logging.events.raw.s1'], cover: 'logging.events.raw.s1' },
  ],
])('a stream at %s is filtered for %j', (template, request, wanted) => {
  expect(logFilters(compileLogSubject(template), request)).toEqual(wanted);
});

test('more filters than a server likes become one that lets all of them through', () => {
  const simulationIds = Array.from({ length: 100 }, (_, at) => parseSimulationId(`s${at}`));
  expect(logFilters(compileLogSubject(full), { simulationIds })).toEqual({
    exact: ['logging.events.raw.*.>'],
    cover: 'logging.events.raw.*.>',
  });
});
