import { beforeEach, describe, expect, test } from 'vitest';
import { RequestMemory } from '../../../../src/domain/simulation/request-memory.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { settle } from '../../../support/fakes/settle.ts';

const HOUR = 3_600_000;
const scope = 'mira StartSimulation';

describe('the memory of requests', () => {
  let clock: FakeClock;
  let memory: RequestMemory;
  let calls: number;
  const answer = async () => {
    calls += 1;
    return `answer ${calls}`;
  };

  beforeEach(() => {
    clock = new FakeClock();
    memory = new RequestMemory(clock);
    calls = 0;
  });

  test('answers a repeated request with the first answer', async () => {
    const first = await memory.once(scope, 'r1', 'body', answer);
    const second = await memory.once(scope, 'r1', 'body', answer);
    expect([first, second, calls]).toEqual(['answer 1', 'answer 1', 1]);
  });

  test('lets a repeated request wait for the answer that is coming', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = memory.once(scope, 'r1', 'body', () => promise);
    const second = memory.once(scope, 'r1', 'body', answer);
    resolve('late');
    expect([await first, await second, calls]).toEqual(['late', 'late', 0]);
  });

  test('does each request without an id', async () => {
    expect([await memory.once(scope, '', 'body', answer), await memory.once(scope, '', 'other', answer)]).toEqual([
      'answer 1',
      'answer 2',
    ]);
  });

  test('keeps callers and methods apart, also when their names would run together', async () => {
    const scopes = ['mira StartSimulation', 'tom StartSimulation', 'mira ControlSimulation', 'mira'];
    const answers = await Promise.all(scopes.map((each) => memory.once(each, 'r1', each, answer)));
    answers.push(await memory.once('mira', 'StartSimulation r1', 'x', answer));
    expect(new Set(answers).size).toBe(5);
  });

  test('refuses the same id for another request, and for longer than 128 characters', async () => {
    await memory.once(scope, 'r1', 'body', answer);
    await expect(memory.once(scope, 'r1', 'other body', answer)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'request_id' },
    });
    await expect(memory.once(scope, 'x'.repeat(129), 'body', answer)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(memory.once(scope, 'x'.repeat(128), 'body', answer)).resolves.toBe('answer 2');
    expect(calls).toBe(2);
  });

  test('forgets what failed, so that it may be tried again, also as another request', async () => {
    const failing = () => Promise.reject(new Error('no capacity'));
    await expect(memory.once(scope, 'r1', 'body', failing)).rejects.toThrow('no capacity');
    await settle();
    expect(await memory.once(scope, 'r1', 'corrected body', answer)).toBe('answer 1');
  });

  test('gives those who wait the failure too', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    const both = [memory.once(scope, 'r1', 'body', () => promise), memory.once(scope, 'r1', 'body', answer)];
    reject(new Error('no capacity'));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(0);
  });

  test('remembers for an hour, whatever the wall clock does', async () => {
    await memory.once(scope, 'r1', 'body', answer);
    clock.jumpWall(100 * HOUR);
    await clock.advance(HOUR - 1);
    expect(await memory.once(scope, 'r1', 'body', answer)).toBe('answer 1');
    await clock.advance(1);
    expect(await memory.once(scope, 'r1', 'body', answer)).toBe('answer 2');
  });

  test('a failure that comes after its hour leaves alone the request that has the id now', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    const old = memory.once(scope, 'r1', 'body', () => promise);
    await clock.advance(HOUR);
    await memory.once(scope, 'r1', 'body', answer);
    reject(new Error('too late'));
    await expect(old).rejects.toThrow('too late');
    await settle();
    expect(await memory.once(scope, 'r1', 'body', answer)).toBe('answer 1');
  });

  test('has a bound, refuses beyond it, and has room again when the oldest hour is over', async () => {
    for (let at = 0; at < 100_000; at += 1) {
      if (at === 50_000) await clock.advance(HOUR / 2);
      await memory.once(scope, `r${at}`, 'body', answer);
    }
    await expect(memory.once(scope, 'one more', 'body', answer)).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
    expect(await memory.once(scope, 'r0', 'body', answer)).toBe('answer 1');
    await expect(memory.once(scope, '', 'body', answer)).resolves.toBe('answer 100001');
    await clock.advance(HOUR / 2);
    expect(await memory.once(scope, 'one more', 'body', answer)).toBe('answer 100002');
    expect(await memory.once(scope, 'r99999', 'body', answer)).toBe('answer 100000');
  });
});
