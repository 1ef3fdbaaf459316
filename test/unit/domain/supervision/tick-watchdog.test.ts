import { beforeEach, describe, expect, test } from 'vitest';
import { TickWatchdog } from '../../../../src/domain/supervision/tick-watchdog.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';

describe('a tick watchdog', () => {
  let clock: FakeClock;
  let tick: bigint;
  let told: string[];
  let watchdog: TickWatchdog;
  const beat = (at: bigint) => {
    tick = at;
    watchdog.heartbeat();
  };

  beforeEach(() => {
    clock = new FakeClock();
    tick = 0n;
    told = [];
    watchdog = new TickWatchdog(clock, 1_000, () => tick, {
      stalled: (at) => told.push(`stalled at ${at}`),
      recovered: () => told.push('recovered'),
      givenUp: (at) => told.push(`given up at ${at}`),
    });
    watchdog.wake();
  });

  test('reports a tick that stands, and gives up after as long again', async () => {
    beat(7n);
    await clock.advance(999);
    expect(told).toEqual([]);
    beat(7n);
    await clock.advance(1);
    expect(told).toEqual(['stalled at 7']);
    await clock.advance(1_000);
    expect(told).toEqual(['stalled at 7', 'given up at 7']);
    expect(clock.pending).toBe(0);
  });

  test('is content with every tick that moves, back too, as after a reset', async () => {
    for (const at of [5n, 6n, 0n, 1n]) {
      beat(at);
      await clock.advance(900);
    }
    expect(told).toEqual([]);
  });

  test('takes a report back when the tick moves again', async () => {
    beat(7n);
    await clock.advance(1_500);
    beat(8n);
    await clock.advance(900);
    expect(told).toEqual(['stalled at 7', 'recovered']);
  });

  test('hears of a tick that an acknowledgement told', async () => {
    beat(7n);
    await clock.advance(500);
    tick = 9n;
    await clock.advance(1_400);
    expect(told).toEqual([]);
    await clock.advance(100);
    expect(told).toEqual(['stalled at 9']);
  });

  test('does not judge a worker that never told a tick', async () => {
    beat(0n);
    await clock.advance(10_000);
    tick = 5n;
    await clock.advance(10_000);
    expect([told, clock.pending]).toEqual([[], 0]);
  });

  test('rests while the simulation is paused, and begins anew when it runs again', async () => {
    beat(7n);
    await clock.advance(900);
    watchdog.rest();
    await clock.advance(60_000);
    beat(7n);
    await clock.advance(60_000);
    watchdog.wake();
    await clock.advance(999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['stalled at 7']);
  });

  test('takes a report back when the simulation is paused', async () => {
    beat(7n);
    await clock.advance(1_000);
    watchdog.rest();
    await clock.advance(60_000);
    expect(told).toEqual(['stalled at 7', 'recovered']);
  });

  test('says nothing any more once its worker is done with', async () => {
    beat(7n);
    watchdog.finished();
    beat(8n);
    await clock.advance(60_000);
    expect([told, clock.pending]).toEqual([[], 0]);
  });

  test('does not take a Shoal that stood still for a tick that does: what came meanwhile is heard first', async () => {
    beat(7n);
    clock.standStill(60_000);
    await clock.advance(400);
    expect(told).toEqual([]);
    beat(8n);
    await clock.advance(1_000);
    expect(told).toEqual(['stalled at 8']);
    clock.standStill(60_000);
    await clock.advance(400);
    beat(9n);
    await clock.advance(600);
    expect(told).toEqual(['stalled at 8', 'recovered']);
  });

  test('does not mind a wall clock that is set', async () => {
    beat(7n);
    clock.jumpWall(86_400_000);
    await clock.advance(999);
    clock.jumpWall(-2 * 86_400_000);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['stalled at 7']);
  });
});
