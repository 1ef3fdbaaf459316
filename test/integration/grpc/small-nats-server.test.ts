import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

const MAX_PAYLOAD = 65_536;
/** Less what the headers of a logged event take. */
const MAX_EVENT_BYTES = MAX_PAYLOAD - 8 * 1024;

let server: RunningNatsServer;
let daemon: InProcessDaemon;
beforeAll(async () => {
  server = await startNatsServer({ config: `max_payload: ${MAX_PAYLOAD}` });
  daemon = await startDaemon({ natsUrl: server.url, workerTypes: [puppetType()] });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('a worker is told the limit that the server leaves, and where its commands come from', async () => {
  const puppet = await startRegistered(daemon);
  const { workerId } = puppet.ids;
  expect(await puppet.register()).toMatchObject({
    maxEventBytes: MAX_EVENT_BYTES,
    commandTransport: 'nats',
    commandSubject: `commands.worker.${workerId}.control`,
    natsUrls: [server.url],
  });
  expect(puppet.launch).toMatchObject({ commandTransport: 'nats', natsUrls: [server.url] });
});

test('an event of just that size is logged and published, one of a byte more is refused', async () => {
  const puppet = await startRegistered(daemon);
  const { workerId, simulationId } = puppet.ids;
  const event = (bytes: number): Buffer => {
    const whole = { eventTypeKey: 'sim.a.v1', eventId: 'x'.repeat(128), timestampNs: 1, sourceWorkerId: workerId };
    const around = envelope({ ...whole, simulationId, eventPayload: Buffer.alloc(40_000) }).length - 40_000;
    return envelope({ ...whole, simulationId, eventPayload: Buffer.alloc(bytes - around) });
  };
  const events = daemon.client.subscribe({ simulationId });
  await events.live;
  expect(event(MAX_EVENT_BYTES)).toHaveLength(MAX_EVENT_BYTES);
  expect(await puppet.reportEvent(event(MAX_EVENT_BYTES))).toMatchObject({ logged: true });
  expect((await events.count(1))[0]?.bytes).toEqual(event(MAX_EVENT_BYTES));
  expect(await failureOf(puppet.reportEvent(event(MAX_EVENT_BYTES + 1)))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(`max_event_bytes allows ${MAX_EVENT_BYTES}`),
  });
});
