import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { adminMethods, clientMethods } from '../../support/daemon/daemon-client.ts';
import { until } from '../../support/daemon/until.ts';
import {
  callHead,
  emptyCall,
  frame,
  headerBlock,
  INITIAL_WINDOW_SIZE,
  reset,
  settings,
} from '../../support/http2/frames.ts';
import { RawPeer } from '../../support/http2/raw-peer.ts';

const MIB = 1024 * 1024;
/** What a flood may leave behind when the garbage has been collected: code that was compiled, connections that are open. */
const LEFT_BEHIND_BYTES = 30 * MIB;
/** Of the daemon, for one flood; under 1 s was seen. */
const WORK_SECONDS = 5;
/** Long, for a busy machine holds up everybody: what the flood alone costs others is bounded by {@link WORK_SECONDS}. */
const ANSWER_MS = 20_000;
/** Frames of a flood, written in pieces so that the flooder sees when it is cut off. */
const PIECE = 500;

let daemon: ChildDaemon;
beforeAll(async () => {
  daemon = await spawnDaemon({ durability: 'memory', limits: { max_streams_per_connection: 100 } });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

async function figure(name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await daemon.metrics())?.[1]);
}
const work = () => figure('shoal_process_cpu_seconds_total');

/** What the daemon holds, in bytes: its heap and what lies outside of it, such as what HTTP/2 has taken. */
async function memory(): Promise<number> {
  await daemon.collectGarbage();
  return (await figure('shoal_nodejs_heap_size_used_bytes')) + (await figure('shoal_nodejs_external_memory_bytes'));
}

async function answersOthers(): Promise<void> {
  await daemon.client.call(adminMethods.GetInfo, {}, { deadlineMs: ANSWER_MS });
}

/** Somebody else is answered during the flood and after it, and the daemon does not keep what was thrown at it. */
async function withstands(flood: () => Promise<void>): Promise<void> {
  await answersOthers();
  const before = { memory: await memory(), work: await work() };
  const flooding = flood();
  let over = false;
  void flooding.finally(() => {
    over = true;
  });
  do await answersOthers();
  while (!over);
  await flooding;
  await answersOthers();
  expect((await work()) - before.work).toBeLessThan(WORK_SECONDS);
  await until('the memory is what it was', async () => (await memory()) - before.memory < LEFT_BEHIND_BYTES);
  expect(daemon.log.filter(({ msg }) => msg === 'uncaught error' || msg === 'call failed')).toEqual([]);
}

async function peer(values: Readonly<Record<number, number>> = {}): Promise<RawPeer> {
  const connected = await RawPeer.greeting(daemon.addresses.clients, values);
  onTestFinished(() => connected.destroy());
  return connected;
}

async function inPieces(to: RawPeer, count: number, make: (at: number) => Buffer): Promise<void> {
  for (let at = 0; at < count && !to.closed; at += PIECE) {
    const size = Math.min(PIECE, count - at);
    await to.write(Buffer.concat(Array.from({ length: size }, (_, index) => make(at + index))));
  }
}

const streamId = (at: number): number => 2 * at + 1;

describe('a client that floods its connection', () => {
  test('with calls that it resets at once (CVE-2023-44487) is cut off', async () => {
    await withstands(async () => {
      const flooder = (await peer()).read();
      const { path } = adminMethods.GetInfo;
      await inPieces(flooder, 50_000, (at) => {
        const id = streamId(at);
        return Buffer.concat([emptyCall(id, path), reset(id)]);
      });
      await until('it is cut off', () => flooder.closed);
    });
  });

  test('with subscriptions that it resets at once is cut off, and none of them stays', async () => {
    await withstands(async () => {
      const flooder = (await peer()).read();
      const { path } = clientMethods.SubscribeToEvents;
      await inPieces(flooder, 20_000, (at) => {
        const id = streamId(at);
        return Buffer.concat([emptyCall(id, path), reset(id)]);
      });
      await until('it is cut off', () => flooder.closed);
    });
    await until('no subscription is left', async () => (await figure('shoal_event_subscribers')) === 0);
  });

  test('with a header block that never ends is cut off', async () => {
    await withstands(async () => {
      const flooder = (await peer()).read();
      await flooder.write(callHead(1, adminMethods.GetInfo.path, 0));
      const more = frame('continuation', 0, 1, headerBlock({ 'x-more': 'y'.repeat(1_000) }));
      await inPieces(flooder, 20_000, () => more);
      await until('it is cut off', () => flooder.closed);
    });
  });

  test.each([
    ['PING', frame('ping', 0, 0, Buffer.alloc(8))],
    ['SETTINGS', settings({ [INITIAL_WINDOW_SIZE]: 65_535 })],
  ])('with %s frames whose answers it does not read is not answered for ever', async (_what, bytes) => {
    await withstands(async () => {
      const flooder = await peer();
      await inPieces(flooder, 200_000, () => bytes);
      flooder.read();
      await until('it is cut off', () => flooder.closed);
    });
  });

  test('with a thousand calls whose answers it gives no room hurts nobody else', async () => {
    await withstands(async () => {
      const { path } = clientMethods.ListWorkerTypes;
      const peers = await Promise.all(Array.from({ length: 10 }, () => peer({ [INITIAL_WINDOW_SIZE]: 0 })));
      for (const each of peers) {
        await inPieces(each.read(), 100, (at) => emptyCall(streamId(at), path));
      }
    });
  });
});
