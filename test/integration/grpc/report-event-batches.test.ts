import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batch, envelope, field, readEnvelope, varint } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType()],
    limits: { max_batch_events: 10, max_batch_bytes: '100KiB', max_event_bytes: '50KiB' },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const event = (eventId: string, bytes = 0) =>
  envelope({ eventTypeKey: 'sim.a.v1', eventId, eventPayload: Buffer.alloc(bytes) });

async function open() {
  const puppet = await startRegistered(daemon);
  const events = daemon.client.subscribe(puppet.ids);
  await events.live;
  const ids = () => events.messages.map(({ bytes }) => readEnvelope(bytes).eventId);
  return { puppet, events, ids, stream: puppet.reportEventBatches() };
}

describe('ReportEventBatches', () => {
  test('acknowledges the batches in order, some together; half-close gives the last acknowledgement, then OK', async () => {
    const { stream, events, ids } = await open();
    for (let at = 1; at <= 50; at += 1) stream.send(batch(at, [event(`${at}-a`), event(`${at}-b`)]));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    const sequences = stream.answers.messages.map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(sequences.at(-1)).toBe(50);
    expect(stream.answers.messages.flatMap(({ rejected }) => rejected)).toEqual([]);
    await events.count(100);
    expect(ids()).toEqual(Array.from({ length: 50 }, (_, at) => [`${at + 1}-a`, `${at + 1}-b`]).flat());
  });

  test('of acknowledgements of commands alone is answered, with the next or by itself, and at the end', async () => {
    const { stream } = await open();
    const { answers } = stream;
    const ack = envelope({ eventTypeKey: 'worker.command_ack.v1', correlationId: 'nobody' });
    stream.send(batch(1, [ack]));
    await answers.count(1);
    stream.send(batch(2, [ack]));
    await answers.count(2);
    stream.send(batch(3, [ack]));
    stream.send(batch(4, [event('1')]));
    stream.send(batch(5, [ack]));
    stream.end();
    expect(await answers.ended()).toMatchObject({ code: 'OK' });
    const sequences = answers.messages.map(({ sequence }) => Number(sequence));
    expect(sequences.slice(0, 2)).toEqual([1, 2]);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(sequences.at(-1)).toBe(5);
  });

  test('rejects bad events by themselves, each with its index and its batch', async () => {
    const { stream, events, ids } = await open();
    stream.send(
      batch(1, [event('1'), Buffer.from('garbage'), envelope({ eventTypeKey: 'orchestrator.x', eventId: '3' })]),
    );
    stream.send(batch(2, [envelope({ eventId: '4' }), event('5')]));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    expect(stream.answers.messages.flatMap(({ rejected }) => rejected)).toMatchObject([
      { batchSequence: '1', index: '1', eventId: '', code: 3 },
      { batchSequence: '1', index: '2', eventId: '3', code: 7 },
      { batchSequence: '2', index: '0', eventId: '4', code: 3 },
    ]);
    await events.count(2);
    expect(ids()).toEqual(['1', '5']);
  });

  test('rejects all events of a batch with too many or too large, and goes on', async () => {
    const { stream, events, ids } = await open();
    const many = Array.from({ length: 11 }, (_, at) => event(`many-${at}`));
    const large = Array.from({ length: 3 }, (_, at) => event(`large-${at}`, 40_000));
    stream.send(batch(1, many));
    stream.send(batch(2, large));
    stream.send(batch(3, [event('fits')]));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    const [first, second, third] = stream.answers.messages;
    expect(first?.rejected.map(({ index, eventId, code }) => `${index} ${eventId} ${code}`)).toEqual(
      many.map((_, at) => `${at} many-${at} 3`),
    );
    expect(first?.rejected[0]?.message).toMatch(/has 11 events; max_batch_events is 10/);
    expect(second?.rejected).toHaveLength(3);
    expect(second?.rejected[0]?.message).toMatch(/max_batch_bytes is 102400/);
    expect(third).toEqual({ sequence: '3', rejected: [] });
    await events.count(1);
    expect(ids()).toEqual(['fits']);
  });

  test('counts the events of a batch over a limit as rejected, in the metrics and in the manifest', async () => {
    const { puppet, stream, events } = await open();
    const rejected = async () => {
      const metrics = await (await fetch(`http://${daemon.addresses.http}/metrics`)).text();
      return Number(/^shoal_events_rejected_total (\d+)$/m.exec(metrics)?.[1]);
    };
    const before = await rejected();
    stream.send(batch(1, Array(11).fill(event('e'))));
    stream.send(batch(2, [event('taken')]));
    await stream.answers.count(2);
    expect((await rejected()) - before).toBe(11);
    await daemon.client.control(puppet.ids.simulationId, { stop: { force: true } });
    const manifest = readEnvelope((await events.count(2))[1]?.bytes ?? Buffer.alloc(0));
    expect(JSON.parse(manifest.eventPayload.toString())).toMatchObject({ received: 1, rejected: 11, logged: 1 });
  });

  test.each([
    ['a gap', [1, 3]],
    ['a repeat', [1, 1]],
    ['a beginning at 0', [0]],
    ['a beginning at 2', [2]],
    ['a step back', [1, 2, 1]],
  ])('with %s in the sequence acknowledges what was right and ends INVALID_ARGUMENT', async (_what, sequences) => {
    const { stream } = await open();
    for (const [at, sequence] of sequences.entries()) stream.send(batch(sequence, [event(`e-${at}`)]));
    expect(await stream.answers.ended()).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/expected \d/),
      metadata: { field: 'sequence' },
    });
    const right = sequences.slice(0, -1).map(String);
    expect(stream.answers.messages.map(({ sequence }) => sequence)).toEqual(right);
  });

  test('on a new stream starts at 1 again, and what is sent a second time is logged once', async () => {
    const { puppet, stream } = await open();
    stream.send(batch(1, [event('1'), event('2')]));
    await stream.answers.count(1);
    const again = puppet.reportEventBatches();
    again.send(batch(1, [event('1'), event('2'), event('3')]));
    await again.answers.count(1);
    const unary = await puppet.reportEvent(event('4'));
    const first = await puppet.reportEvent(event('1'));
    expect(Number(unary.logSequence) - Number(first.logSequence)).toBe(3);
  });

  test('takes a batch of nothing, and fields that it does not know', async () => {
    const { stream } = await open();
    stream.send(batch(1, []));
    stream.send(Buffer.concat([batch(2, [event('1')]), field(100, Buffer.from('new')), varint(101 * 8), varint(7)]));
    stream.end();
    expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
    expect(stream.answers.messages).toHaveLength(2);
  });

  test.each([
    ['text', Buffer.from('what is this')],
    ['a truncated batch', batch(1, [event('1')]).subarray(0, -1)],
    ['a tag of field 0', Buffer.from([0x08, 0x01, 0x00])],
  ])('of %s ends INVALID_ARGUMENT', async (_what, bytes) => {
    const { stream } = await open();
    stream.send(bytes);
    expect(await stream.answers.ended()).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'batch' } });
  });

  test('with a message over the receive limit ends RESOURCE_EXHAUSTED, and the daemon goes on', async () => {
    const { puppet, stream } = await open();
    stream.send(batch(1, [Buffer.alloc(300_000)]));
    expect(await stream.answers.ended()).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    await expect(puppet.reportEvent(event('after'))).resolves.toMatchObject({ logged: true });
  });
});
