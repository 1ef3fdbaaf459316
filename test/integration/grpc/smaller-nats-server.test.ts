import { expect, onTestFinished, test } from 'vitest';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';

/** Not logged: the next server has no stream. */
const quiet = puppetType({ options: { events: [{ key: 'sim.quiet.v1', log: false }] } });

test('after a reconnect to a server that takes less, an event that is too large is rejected by itself', async () => {
  const server = await startNatsServer();
  const daemon = await startDaemon({ natsUrl: server.url, workerTypes: [quiet] });
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  const puppet = await startRegistered(daemon);
  await server.kill();
  const next = await startNatsServer({ port: server.port, config: 'max_payload: 65536' });
  onTestFinished(() => next[Symbol.asyncDispose]());
  await until('it is back', () => daemon.log.lines.some(({ message }) => message === 'nats connection restored'));
  await server[Symbol.asyncDispose]();
  const stream = puppet.reportEventBatches();
  const event = (eventId: string, bytes: number) =>
    envelope({ eventTypeKey: 'sim.quiet.v1', eventId, eventPayload: Buffer.alloc(bytes) });
  stream.send(batch(1, [event('a', 10), event('b', 100_000), event('c', 10)]));
  const [answer] = await stream.answers.count(1);
  expect(answer?.rejected.map(({ eventId, code }) => [eventId, code])).toEqual([['b', 3]]);
});
