import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConnectionState } from '../../../src/adapters/nats/connection-state.ts';
import { OutboundWindow } from '../../../src/adapters/nats/outbound-window.ts';

/** As much of a connection as the window uses; every PING is answered at once, over whichever connection there is. */
class FakeConnection {
  readonly state = new ConnectionState();
  pings = 0;
  readonly frames = { flush: () => {} };
  readonly client = {
    flush: async () => {
      this.pings += 1;
    },
  };
}

let connection: FakeConnection;
let lost: string[];
let window: OutboundWindow<string>;

beforeEach(() => {
  vi.useFakeTimers();
  connection = new FakeConnection();
  connection.state.set('connected');
  lost = [];
  window = new OutboundWindow<string>(connection as never, {
    maxBytes: 1_000_000,
    onLost: (items) => lost.push(...items),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('what follows each other within 5 ms is asked for once', async () => {
  for (let at = 0; at < 50; at += 1) window.sent(String(at), 10);
  expect([connection.pings, window.unconfirmedBytes]).toEqual([0, 500]);
  await vi.advanceTimersByTimeAsync(5);
  expect([connection.pings, window.unconfirmedBytes, lost]).toEqual([1, 0, []]);
});

test('much is asked for at once', async () => {
  window.sent('a', 300_000);
  await vi.advanceTimersByTimeAsync(0);
  expect([connection.pings, window.unconfirmedBytes]).toEqual([1, 0]);
});

test('what no PING had followed when the connection broke is lost, and not confirmed by the next connection', async () => {
  window.sent('a', 10);
  window.sent('b', 10);
  connection.state.set('disconnected');
  connection.state.set('connected');
  expect([lost, window.unconfirmedBytes]).toEqual([['a', 'b'], 0]);
  await vi.advanceTimersByTimeAsync(100);
  expect([connection.pings, lost]).toEqual([0, ['a', 'b']]);
});
