import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const event = (eventId: string) => envelope({ eventTypeKey: 'sim.a.v1', eventId });

describe('ReportEventStream', () => {
  test('acknowledges cumulatively, after half-close the last of it, then OK', async () => {
    const puppet = await startRegistered(daemon);
    const stream = puppet.reportEventStream();
    for (let at = 1; at <= 500; at += 1) stream.send(event(`e-${at}`));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    const processed = stream.answers.messages.map((answer) => Number(answer.processed));
    expect(processed).toEqual([...processed].sort((a, b) => a - b));
    expect(processed.at(-1)).toBe(500);
  });

  test('publishes in the order of the stream', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe(puppet.ids);
    await events.live;
    const stream = puppet.reportEventStream();
    const ids = Array.from({ length: 300 }, (_, at) => `e-${at}`);
    for (const id of ids) stream.send(event(id));
    expect((await events.count(300)).map(({ bytes }) => readEnvelope(bytes).eventId)).toEqual(ids);
  });

  test('rejects a bad event by itself, with its index in the stream, and counts it as processed', async () => {
    const puppet = await startRegistered(daemon);
    const events = daemon.client.subscribe(puppet.ids);
    await events.live;
    const stream = puppet.reportEventStream();
    stream.send(event('good-0'));
    stream.send(Buffer.from('garbage'));
    stream.send(envelope({ eventTypeKey: 'sim.a.v1', eventId: 'foreign', simulationId: 'someone-elses' }));
    stream.send(event('good-3'));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    expect(stream.answers.messages.at(-1)?.processed).toBe('4');
    const rejected = stream.answers.messages.flatMap((answer) => answer.rejected);
    expect(rejected).toEqual([
      { index: '1', eventId: '', code: 3, message: expect.stringMatching(/GenericEventRequest/), batchSequence: '0' },
      { index: '2', eventId: 'foreign', code: 7, message: expect.stringMatching(/simulation_id/), batchSequence: '0' },
    ]);
    const ids = (await events.count(2)).map(({ bytes }) => readEnvelope(bytes).eventId);
    expect(ids).toEqual(['good-0', 'good-3']);
  });

  test('of nothing at all ends OK', async () => {
    const stream = (await startRegistered(daemon)).reportEventStream();
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    expect(stream.answers.messages).toEqual([]);
  });

  test('may be open several times at once, each with acknowledgements of its own', async () => {
    const puppet = await startRegistered(daemon);
    const streams = [puppet.reportEventStream(), puppet.reportEventStream(), puppet.reportEventBatches()];
    for (const [at, stream] of streams.slice(0, 2).entries()) {
      stream.send(event(`s-${at}-1`));
      stream.send(event(`s-${at}-2`));
      stream.end();
    }
    streams[2]?.end();
    for (const stream of streams) expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ eventsReceived: '4', eventsLogged: '4' });
  });
});
