import { beforeEach, describe, expect, test } from 'vitest';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import { CircuitBreaker } from '../../../../src/domain/supervision/circuit-breaker.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';

const [A, B] = [parseSimulationId('a'), parseSimulationId('b')];

describe('a circuit breaker', () => {
  let clock: FakeClock;
  let breaker: CircuitBreaker;
  const fail = (times: number) => {
    for (let time = 1; time <= times; time += 1) breaker.failed(`failure ${time}`);
  };

  beforeEach(() => {
    clock = new FakeClock();
    breaker = new CircuitBreaker(clock, { failures: 3, coolDownMs: 30_000 });
  });

  test('opens after so many failures in a row, and says what happened and when the next start is', () => {
    fail(2);
    expect([breaker.state, breaker.admit(A), breaker.trouble]).toEqual(['closed', { admitted: true }, undefined]);
    expect(breaker.failed('the last straw')).toBe(true);
    expect(breaker.admit(A)).toEqual({ admitted: false, retryInMs: 30_000 });
    expect(breaker.trouble).toMatch(/last 3 starts failed.*tried in 30000 ms.*the last straw/);
  });

  test('forgets failures before a success', () => {
    fail(2);
    expect(breaker.succeeded()).toBe(false);
    fail(2);
    expect(breaker.state).toBe('closed');
  });

  test('lets one start through after the cool-down, and all when that one goes well', async () => {
    fail(3);
    await clock.advance(29_999);
    expect(breaker.admit(A)).toEqual({ admitted: false, retryInMs: 1 });
    await clock.advance(1);
    // Whoever looks whether the type is available before it starts one is not kept from trying.
    expect(breaker.trouble).toBeUndefined();
    expect(breaker.admit(A)).toEqual({ admitted: true });
    expect(breaker.admit(B)).toMatchObject({ admitted: false });
    expect(breaker.trouble).toContain('one start is being tried');
    expect(breaker.succeeded()).toBe(true);
    expect([breaker.admit(B), breaker.trouble]).toEqual([{ admitted: true }, undefined]);
  });

  test('opens again at the first failure of the one that it let through', async () => {
    fail(3);
    await clock.advance(30_000);
    breaker.admit(A);
    expect(breaker.failed('again')).toBe(true);
    expect(breaker.admit(A)).toEqual({ admitted: false, retryInMs: 30_000 });
  });

  test('stays open no longer for failures of starts that were under way', async () => {
    fail(3);
    await clock.advance(20_000);
    expect(breaker.failed('late')).toBe(false);
    expect(breaker.openForMs).toBe(10_000);
  });

  test('lets another one through when the one it tried tells nothing', async () => {
    fail(3);
    await clock.advance(30_000);
    breaker.admit(A);
    breaker.release(B);
    expect(breaker.admit(B).admitted).toBe(false);
    breaker.release(A);
    expect(breaker.admit(B).admitted).toBe(true);
  });

  test('never opens where no number of failures is enough', () => {
    breaker = new CircuitBreaker(clock, { failures: 0, coolDownMs: 1 });
    fail(1_000);
    expect(breaker.state).toBe('closed');
  });

  test('goes by time that passes, not by the wall clock', async () => {
    fail(3);
    clock.jumpWall(86_400_000);
    expect(breaker.admit(A)).toEqual({ admitted: false, retryInMs: 30_000 });
    clock.jumpWall(-2 * 86_400_000);
    await clock.advance(30_000);
    expect(breaker.admit(A)).toEqual({ admitted: true });
  });
});
