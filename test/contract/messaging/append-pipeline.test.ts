import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppendPipeline } from '../../../src/adapters/nats/append-pipeline.ts';
import type { AppendSender } from '../../../src/adapters/nats/append-sender.ts';
import type { Hindrance } from '../../../src/adapters/nats/append-trouble.ts';
import type { AppendReceipt, LogEntry } from '../../../src/ports/event-log.ts';
import { entry } from './log-entries.ts';
import { RecordingLog } from './recording-log.ts';

interface Sent {
  readonly entry: LogEntry;
  readonly epoch: number;
  readonly ordinal: number;
}

interface Answer {
  readonly epoch: number;
  readonly ordinal: number;
  /** 0: refused for now. */
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** A server and the wires to and from it, moved by the test. It takes a connection's messages in order, or refuses all of them. */
class ScriptedServer implements AppendSender {
  connected = true;
  refusing = false;
  readonly toServer: Sent[] = [];
  readonly toClient: Answer[] = [];
  readonly stored: string[] = [];

  get hindrance(): Hindrance | undefined {
    return this.connected ? undefined : { kind: 'connection', reason: 'the connection is lost' };
  }

  send(sent: LogEntry, epoch: number, ordinal: number): undefined {
    this.toServer.push({ entry: sent, epoch, ordinal });
  }

  take(count: number): void {
    for (const { entry: taken, epoch, ordinal } of this.toServer.splice(0, count)) {
      const name = `${taken.simulationId}/${taken.eventId}`;
      const known = this.stored.indexOf(name);
      if (known < 0 && !this.refusing) this.stored.push(name);
      const sequence = known < 0 ? this.stored.length : known + 1;
      this.toClient.push({ epoch, ordinal, sequence: this.refusing ? 0 : sequence, duplicate: known >= 0 });
    }
  }

  answer(count: number, pipeline: AppendPipeline): void {
    for (const { epoch, ordinal, sequence, duplicate } of this.toClient.splice(0, count)) {
      if (sequence === 0) pipeline.refused(epoch, ordinal, 503, 'no leader');
      else pipeline.acknowledged(ordinal, sequence, duplicate);
    }
  }

  /** Some of what is under way still arrives, either way. */
  cut(arriving: number, pipeline: AppendPipeline): void {
    this.take(arriving);
    this.answer(arriving, pipeline);
    this.toServer.length = 0;
    this.toClient.length = 0;
    this.connected = false;
    pipeline.hindranceChanged();
  }

  mend(pipeline: AppendPipeline): void {
    if (this.connected) return;
    this.connected = true;
    pipeline.hindranceChanged();
  }
}

const SETTINGS = { maxInFlight: 16, maxInFlightBytes: 1_000_000, ackTimeoutMs: 1_000, giveUpAfterMs: 30_000 };

let server: ScriptedServer;
let log: RecordingLog;
let pipeline: AppendPipeline;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  open();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(settings: Partial<typeof SETTINGS> = {}): void {
  server = new ScriptedServer();
  log = new RecordingLog();
  pipeline = new AppendPipeline(server, { ...SETTINGS, ...settings }, log);
}

function names(sent: readonly Sent[]): string[] {
  return sent.map((each) => each.entry.eventId);
}

test('no more than the window is under way; acknowledgements make room', async () => {
  void pipeline.append(Array.from({ length: 40 }, (_, at) => entry('s', `e${at}`)));
  expect(server.toServer).toHaveLength(16);
  server.take(4);
  server.answer(4, pipeline);
  await vi.advanceTimersByTimeAsync(0);
  expect(server.toServer).toHaveLength(16);
  expect(pipeline.statistics.inFlight).toBe(16);
});

test('bytes under way are bounded too, by the bound and one entry', () => {
  open({ maxInFlightBytes: 2_500 });
  void pipeline.append(Array.from({ length: 9 }, (_, at) => entry('s', `e${at}`, new Uint8Array(1_000))));
  expect(server.toServer).toHaveLength(3);
});

test('an acknowledgement that is missing stops new entries; the oldest goes alone, then the rest in order', async () => {
  const first = pipeline.append([entry('s', 'e0'), entry('s', 'e1'), entry('s', 'e2')]);
  server.toServer.splice(0, 3);
  await vi.advanceTimersByTimeAsync(1_100);
  const second = pipeline.append([entry('s', 'e3')]);
  expect(names(server.toServer)).toEqual(['e0']);
  server.take(1);
  server.answer(1, pipeline);
  expect(names(server.toServer)).toEqual(['e1', 'e2', 'e3']);
  server.take(3);
  server.answer(3, pipeline);
  expect(await first).toMatchObject({ lastSequence: 3, rejected: [] });
  expect(await second).toMatchObject({ lastSequence: 4, rejected: [] });
  expect(pipeline.statistics.recoveries).toBe(1);
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('a late acknowledgement of an earlier attempt counts; a late refusal of one does not', async () => {
  const done = pipeline.append([entry('s', 'e0')]);
  await vi.advanceTimersByTimeAsync(1_300);
  expect(names(server.toServer)).toEqual(['e0', 'e0']);
  pipeline.refused(0, 0, 503, 'no leader');
  await vi.advanceTimersByTimeAsync(200);
  expect(names(server.toServer)).toEqual(['e0', 'e0']);
  pipeline.acknowledged(0, 7, false);
  expect(await done).toMatchObject({ lastSequence: 7, rejected: [], duplicates: [] });
});

test('a late acknowledgement of another entry does not end the wait for the oldest', async () => {
  void pipeline.append([entry('s', 'e0'), entry('s', 'e1'), entry('s', 'e2')]);
  server.toServer.length = 0;
  await vi.advanceTimersByTimeAsync(1_300);
  pipeline.acknowledged(1, 1, false);
  expect(names(server.toServer)).toEqual(['e0']);
  pipeline.acknowledged(0, 2, false);
  expect(names(server.toServer)).toEqual(['e0', 'e2']);
});

test('a permanent refusal rejects that entry alone', async () => {
  const done = pipeline.append([entry('s', 'e0'), entry('s', 'e1')]);
  pipeline.refused(0, 0, 10_054, 'message size exceeds maximum allowed');
  pipeline.acknowledged(1, 1, false);
  expect(await done).toMatchObject({
    lastSequence: 1,
    rejected: [{ index: 0, reason: 'message size exceeds maximum allowed' }],
  });
  expect(pipeline.statistics.recoveries).toBe(0);
});

test('without progress everything is rejected with the reason, and later appends are served', async () => {
  const first = pipeline.append([entry('s', 'e0')]);
  const second = pipeline.append(Array.from({ length: 40 }, (_, at) => entry('s', `f${at}`)));
  const rejections = Promise.allSettled([first, second]);
  server.refusing = true;
  for (let ms = 0; ms < 31_000; ms += 100) {
    server.take(100);
    server.answer(100, pipeline);
    await vi.advanceTimersByTimeAsync(100);
  }
  for (const settled of await rejections) {
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'BUS_UNAVAILABLE' } });
    expect(String((settled as PromiseRejectedResult).reason)).toContain('no leader');
  }
  expect(pipeline.statistics.inFlight).toBe(0);
  server.refusing = false;
  const third = pipeline.append([entry('s', 'e0')]);
  server.take(100);
  server.answer(100, pipeline);
  expect(await third).toMatchObject({ rejected: [] });
});

test('slow progress is no reason to give up', async () => {
  const done = pipeline.append(Array.from({ length: 100 }, (_, at) => entry('s', `e${at}`)));
  for (let at = 0; at < 200; at += 1) {
    server.take(1);
    server.answer(1, pipeline);
    await vi.advanceTimersByTimeAsync(900);
  }
  expect(await done).toMatchObject({ rejected: [] });
  expect(pipeline.statistics.recoveries).toBe(0);
});

test('an entry that the server lost is sent again although later ones are acknowledged', async () => {
  const done = pipeline.append([entry('s', 'e0'), entry('s', 'e1')]);
  server.toServer.shift();
  server.take(1);
  server.answer(1, pipeline);
  await vi.advanceTimersByTimeAsync(1_300);
  expect(names(server.toServer)).toEqual(['e0']);
  server.take(1);
  server.answer(1, pipeline);
  expect(await done).toMatchObject({ rejected: [] });
});

test('an entry that the server stores behind a later one is counted as displaced', () => {
  void pipeline.append([entry('s', 'e0'), entry('s', 'e1')]);
  pipeline.acknowledged(1, 1, false);
  pipeline.acknowledged(0, 2, false);
  expect(pipeline.statistics.displaced).toBe(1);
});

test('whatever is lost, cut or refused, each event is stored once and each simulation keeps its order', async () => {
  const count = fc.integer({ min: 1, max: 12 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), count }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), count }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), count }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), count }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const), count }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('loseAnswers' as const), count }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuseAll' as const), count }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), count }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
      open({ giveUpAfterMs: 1e9 });
      const wanted: Record<string, string[]> = { a: [], b: [] };
      const appended: Promise<AppendReceipt>[] = [];
      for (const { kind, count: size } of steps) {
        if (kind === 'append') appended.push(pipeline.append(nextEntries(wanted, size)));
        if (kind === 'take' && server.connected) server.take(size);
        if (kind === 'answer' && server.connected) server.answer(size, pipeline);
        if (kind === 'cut' && server.connected) server.cut(size, pipeline);
        if (kind === 'mend') server.mend(pipeline);
        if (kind === 'loseAnswers') server.toClient.splice(0, size);
        if (kind === 'refuseAll' && server.connected) refuseAllUntilSeen();
        if (kind === 'wait') await vi.advanceTimersByTimeAsync(size * 150);
      }
      server.mend(pipeline);
      for (let at = 0; at < 200 && pipeline.statistics.inFlight + pipeline.statistics.waitingBatches > 0; at += 1) {
        server.take(100);
        server.answer(100, pipeline);
        await vi.advanceTimersByTimeAsync(300);
      }
      for (const receipt of await Promise.all(appended)) expect(receipt.rejected).toEqual([]);
      const stored: Record<string, string[]> = { a: [], b: [] };
      for (const name of server.stored) stored[name.slice(0, 1)]?.push(name.slice(2));
      expect(stored).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

/** The case that order survives: the server takes nothing again before the client has stopped sending. */
function refuseAllUntilSeen(): void {
  server.refusing = true;
  while (server.toServer.length + server.toClient.length > 0) {
    server.take(Number.POSITIVE_INFINITY);
    server.answer(Number.POSITIVE_INFINITY, pipeline);
  }
  server.refusing = false;
}

function nextEntries(wanted: Record<string, string[]>, size: number): LogEntry[] {
  return Array.from({ length: size }, (_, at) => {
    const simulation = at % 2 === 0 ? 'a' : 'b';
    const ids = wanted[simulation] ?? [];
    ids.push(`e${ids.length}`);
    return entry(simulation, ids.at(-1) ?? '');
  });
}
