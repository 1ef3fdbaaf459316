import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

let daemon: InProcessDaemon;
let puppet: Puppet;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
  puppet = await startRegistered(daemon);
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** Every signal that something listens to since the test began: those of workers and of calls among them. */
const signals = new Set<AbortSignal>();
beforeEach(() => {
  signals.clear();
  const { addEventListener } = AbortSignal.prototype;
  vi.spyOn(AbortSignal.prototype, 'addEventListener').mockImplementation(function (this: AbortSignal, ...args) {
    signals.add(this);
    return addEventListener.apply(this, args as Parameters<typeof addEventListener>);
  });
});
afterEach(() => vi.restoreAllMocks());

const event = envelope({ eventTypeKey: 'sim.a.v1' });
const mostListeners = () => Math.max(0, ...[...signals].map((signal) => getEventListeners(signal, 'abort').length));

const CALLS: [string, () => Promise<unknown>][] = [
  ['ReportEvent', () => puppet.reportEvent(event)],
  [
    'ReportEventStream',
    async () => {
      const stream = puppet.reportEventStream();
      stream.send(event);
      stream.end();
      await stream.answers.ended();
    },
  ],
  [
    'ReportEventBatches, cancelled',
    async () => {
      const stream = puppet.reportEventBatches();
      stream.send(batch(1, [event]));
      await stream.answers.count(1);
      stream.answers.cancel();
    },
  ],
  [
    'ReportEventBatches, failed',
    async () => {
      const stream = puppet.reportEventBatches();
      stream.send(batch(7, [event]));
      await stream.answers.ended();
    },
  ],
  ['ReceiveCommands, replaced', () => puppet.receiveCommands().live],
  [
    'SubscribeToEvents, cancelled',
    async () => {
      const events = daemon.client.subscribe(puppet.ids);
      await events.live;
      events.cancel();
    },
  ],
];

describe('a call leaves nothing behind on its worker:', () => {
  test.each(CALLS)('%s', async (_what, call) => {
    for (let times = 0; times < 50; times += 1) await call();
    expect(signals.size).toBeGreaterThan(0);
    await until('the last calls have ended', () => mostListeners() < 10, 10_000).catch(() => {});
    expect(mostListeners()).toBeLessThan(10);
  });
});
