import { beforeEach, expect, test, vi } from 'vitest';
import { parseWorkerId } from '../../../src/domain/ids.ts';
import { entry, idsBySimulation } from '../../contract/messaging/log-entries.ts';
import { readStream } from '../../contract/messaging/nats-fixture.ts';
import type { RunningNatsServer } from '../../support/nats-server.ts';
import { partsOver, serverFor } from './nats-parts.ts';

/** A server whose user `shoal` may do everything but what is named; another one may do everything. */
function configuration(denied: { readonly publish?: string; readonly subscribe?: string } = {}): string {
  const deny = Object.entries(denied).map(([what, subject]) => `${what}: { deny: ["${subject}"] }`);
  const permissions = deny.length === 0 ? '' : `, permissions: { ${deny.join(', ')} }`;
  return `authorization { users: [ { user: shoal, password: s${permissions} }, { user: other, password: o } ] }`;
}

let server: RunningNatsServer;
beforeEach(async () => {
  server = await serverFor({ config: configuration() });
});
const as = (login: string) => server.url.replace('//', `//${login}@`);
const stored = async () =>
  idsBySimulation(await readStream(server.url, 'LOGGING_EVENTS', { user: 'other', pass: 'o' }));

test('a log that may no longer be published to holds events back, says why, and stores each once when it may again', async () => {
  const { log } = await partsOver(as('shoal:s'));
  await log.append([entry('s', 'e0')]);
  await server.reload(configuration({ publish: 'logging.>' }));
  const appended = Promise.all([1, 2, 3].map((at) => log.append([entry('s', `e${at}`)])));
  await vi.waitUntil(() => log.trouble?.includes('ermissions'));
  expect(log.trouble).toMatch(
    /event log: .*Permissions Violation for Publish to "logging\.events\.raw\.s\..*let the NATS user/i,
  );
  await server.reload(configuration());
  await appended;
  expect(await stored()).toEqual({ s: ['e0', 'e1', 'e2', 'e3'] });
  expect(log.trouble).toBeUndefined();
});

test('acknowledgements that may no longer be heard are asked for again until they may, and nothing is stored twice', async () => {
  const { log } = await partsOver(as('shoal:s'));
  await log.append([entry('s', 'e0')]);
  await server.reload(configuration({ subscribe: '_INBOX.>' }));
  await vi.waitUntil(() => log.trouble !== undefined);
  const appended = log.append([entry('s', 'e1'), entry('s', 'e2')]);
  await vi.waitUntil(() => log.statistics.recoveries > 0);
  expect(log.trouble).toMatch(/no subscription to _INBOX\..*Permissions Violation for Subscription/i);
  await server.reload(configuration());
  expect((await appended).rejected).toEqual([]);
  await vi.waitUntil(() => log.trouble === undefined);
  expect(await stored()).toEqual({ s: ['e0', 'e1', 'e2'] });
});

test('a subscription that is taken away is told, and heard again when it is given back', async () => {
  const { bus, recording } = await partsOver(as('shoal:s'));
  const heard: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => heard.push(Buffer.from(bytes).toString()));
  const { bus: other } = await partsOver(as('other:o'));
  const publish = (text: string) => other.publish([{ subject: 'events.simulation.s.x', bytes: Buffer.from(text) }]);
  await publish('before');
  await vi.waitUntil(() => heard.length === 1);
  await server.reload(configuration({ subscribe: 'events.>' }));
  await vi.waitUntil(() => bus.trouble !== undefined);
  expect(bus.trouble).toMatch(/no subscription to events\.>: .*let the NATS user of Shoal subscribe there/);
  await server.reload(configuration());
  await vi.waitUntil(() => bus.trouble === undefined, { timeout: 5_000 });
  await publish('after');
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toEqual(['before', 'after']);
  const said = recording.lines.map(({ message }) => message);
  expect(said.filter((line) => line === 'nats ended a subscription; asking for it again')).toHaveLength(1);
  expect(said).toContain('the subscription holds again');
});

test('live messages that may not be published are counted, each', async () => {
  const { bus } = await partsOver(as('shoal:s'));
  await server.reload(configuration({ publish: 'events.>' }));
  const batch = Array.from({ length: 250 }, (_, at) => ({
    subject: `events.simulation.s${at % 3}.x`,
    bytes: Buffer.from(`e${at}`),
  }));
  await bus.publish(batch);
  await vi.waitUntil(() => bus.refused >= 250);
  expect(bus.refused).toBe(250);
  expect(bus.trouble).toContain('live messages: ');
});

test('a command that may not be published is no delivered command', async () => {
  const { channel } = await partsOver(as('shoal:s'));
  await server.reload(configuration({ publish: 'commands.>' }));
  await expect(channel.deliver(parseWorkerId('w-1'), Buffer.from('x'))).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(/the command was not sent: .*commands\.worker\.w-1\.control/i),
  });
});
