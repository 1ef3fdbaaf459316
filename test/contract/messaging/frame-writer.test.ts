import { type NatsConnection as Client, connect, type Msg } from 'nats';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { FrameWriter } from '../../../src/adapters/nats/frame-writer.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

let server: RunningNatsServer;
let client: Client;
let frames: FrameWriter;
let connected: boolean;

beforeAll(async () => {
  server = await startNatsServer({ jetstream: false });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  client = await connect({ servers: server.url });
  onTestFinished(() => client.close());
  connected = true;
  frames = new FrameWriter({
    get connected() {
      return connected;
    },
    client,
    server: { maxPayloadBytes: 1_048_576 },
  });
});

async function listen(filter: string): Promise<Msg[]> {
  const seen: Msg[] = [];
  client.subscribe(filter, { callback: (_error, message) => void seen.push(message) });
  await client.flush();
  return seen;
}

test('every byte arrives, with its header and its reply subject, in the order of writing', async () => {
  const seen = await listen('frames.>');
  const sizes = [0, 1, 255, 70_000, 3, 1_000_000, 9, 300_000, 0];
  const payloads = sizes.map((size, at) => new Uint8Array(size).fill(at));
  for (const [at, bytes] of payloads.entries()) {
    const header = at % 2 === 0 ? '' : `NATS/1.0\r\nAt: ${at}\r\n\r\n`;
    frames.write(`frames.${at}`, bytes, at % 3 === 0 ? '' : `replies.${at}`, header);
  }
  await vi.waitUntil(() => seen.length === sizes.length, { timeout: 10_000 });
  for (const [at, { subject, data, reply, headers }] of seen.entries()) {
    expect(subject).toBe(`frames.${at}`);
    expect(Buffer.compare(data, payloads[at] ?? Buffer.alloc(0))).toBe(0);
    expect(reply ?? '').toBe(at % 3 === 0 ? '' : `replies.${at}`);
    expect(headers?.get('At') ?? '').toBe(at % 2 === 0 ? '' : String(at));
  }
});

test('what is written in one turn leaves together, at its end', async () => {
  const sendCommand = vi.spyOn(
    (client as Client & { protocol: { sendCommand(bytes: Uint8Array): void } }).protocol,
    'sendCommand',
  );
  for (let at = 0; at < 100; at += 1) frames.write('frames.turn', Buffer.from(String(at)));
  expect(sendCommand).not.toHaveBeenCalled();
  await new Promise(setImmediate);
  expect(sendCommand).toHaveBeenCalledTimes(1);
});

test('memory that is written again still holds nothing that was not read by the server', async () => {
  const seen = await listen('again.>');
  const MESSAGES = 20_000;
  for (let at = 0; at < MESSAGES; at += 1) {
    frames.write('again.x', Buffer.from(`${at}:${'x'.repeat(at % 997)}`));
    // Lets PONGs come in between, after which pieces are used again.
    if (at % 500 === 499) await new Promise(setImmediate);
  }
  await vi.waitUntil(() => seen.length === MESSAGES, { timeout: 20_000 });
  expect(seen.findIndex(({ data }, at) => Buffer.from(data).toString() !== `${at}:${'x'.repeat(at % 997)}`)).toBe(-1);
});

test('what is larger than the server takes is refused, and what was written before it still leaves', async () => {
  const seen = await listen('large.>');
  frames.write('large.a', Buffer.from('a'));
  expect(() => frames.write('large.b', new Uint8Array(1_048_577))).toThrow('at most 1048576 bytes, not 1048577');
  frames.write('large.c', Buffer.from('c'));
  await vi.waitUntil(() => seen.length === 2);
  expect(seen.map(({ subject }) => subject)).toEqual(['large.a', 'large.c']);
});

test('what is written while the connection is lost does not leave later', async () => {
  const seen = await listen('lost.>');
  connected = false;
  frames.write('lost.a', Buffer.from('a'));
  frames.flush();
  connected = true;
  frames.write('lost.b', Buffer.from('b'));
  await vi.waitUntil(() => seen.length > 0);
  expect(seen.map(({ subject }) => subject)).toEqual(['lost.b']);
});
