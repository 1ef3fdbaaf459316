import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf, WITHOUT_TOKEN } from '../../support/daemon/calls.ts';
import { batch, envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()], sections: { auth: { workers: 'off' } } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

test('with auth.workers off every call works without a token, by the worker id that it names', async () => {
  const puppet = await startPuppet(daemon);
  const { workerId, simulationId } = puppet.ids;
  const events = daemon.client.subscribe({ simulationId });
  await events.live;
  expect(await puppet.register({}, WITHOUT_TOKEN)).toMatchObject({ resumed: false });
  await puppet.heartbeat({}, WITHOUT_TOKEN);
  await puppet.receiveCommands({}, WITHOUT_TOKEN).live;
  const event = (eventId: string) => envelope({ eventTypeKey: 'sim.a.v1', eventId, sourceWorkerId: workerId });
  await puppet.reportEvent(event('unary'), WITHOUT_TOKEN);
  const stream = puppet.reportEventStream(WITHOUT_TOKEN);
  stream.send(event('stream'));
  await stream.answers.count(1);
  const batches = puppet.reportEventBatches(WITHOUT_TOKEN);
  batches.send(batch(1, [event('batch')]));
  await batches.answers.count(1);
  const ids = (await events.count(3)).map(({ bytes }) => readEnvelope(bytes).eventId);
  expect(ids).toEqual(['unary', 'stream', 'batch']);
});

test('with auth.workers off a worker id that nobody has, or none, is still refused', async () => {
  const puppet = await startPuppet(daemon);
  await puppet.register({}, WITHOUT_TOKEN);
  expect(await failureOf(puppet.register({ workerId: 'nobody' }, WITHOUT_TOKEN))).toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const event = envelope({ eventTypeKey: 'sim.a.v1' });
  expect(await failureOf(puppet.reportEvent(event, WITHOUT_TOKEN))).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('with auth.workers off a token that is sent must still be good', async () => {
  const puppet = await startPuppet(daemon);
  expect(await failureOf(puppet.register({}, { token: 'wrong' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await puppet.register()).toMatchObject({ resumed: false });
});
