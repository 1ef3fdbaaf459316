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
    await expect(memory.once('mira ControlSimulation', 'one more', 'body', answer)).resolves.toBe('answer 100001');
    expect(await memory.once(scope, 'r0', 'body', answer)).toBe('answer 1');
    await expect(memory.once(scope, '', 'body', answer)).resolves.toBe('answer 100002');
    await clock.advance(HOUR / 2);
    expect(await memory.once(scope, 'one more', 'body', answer)).toBe('answer 100003');
    expect(await memory.once(scope, 'r99999', 'body', answer)).toBe('answer 100000');
  });

  describe('of requests that may be forgotten', () => {
    const keeping = { whenDone: async (text: string) => `kept of ${text}`, bytesOf: () => 1 };

    test('keeps of one that is done what is needed for a repeated one', async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const whenDone = () => promise;
      expect(await memory.once(scope, 'r1', 'body', answer, { ...keeping, whenDone })).toBe('answer 1');
      expect(await memory.once(scope, 'r1', 'body', answer, keeping)).toBe('answer 1');
      resolve('the result');
      await settle();
      expect(await memory.once(scope, 'r1', 'body', answer, keeping)).toBe('the result');
    });

    test('keeps the first answer of one that ended badly', async () => {
      const whenDone = () => Promise.reject(new Error('its worker has ended'));
      await memory.once(scope, 'r1', 'body', answer, { ...keeping, whenDone });
      await settle();
      expect(await memory.once(scope, 'r1', 'body', answer, keeping)).toBe('answer 1');
    });

    const never = { ...keeping, whenDone: () => new Promise<string>(() => {}) };

    test('keeps the latest 10,000 that are done, and all that are not', async () => {
      await memory.once(scope, 'under way', 'body', answer, never);
      for (let at = 2; at <= 10_002; at += 1) await memory.once(scope, `r${at}`, 'body', answer, keeping);
      await settle();
      expect(await memory.once(scope, 'under way', 'body', answer, never)).toBe('answer 1');
      expect(await memory.once(scope, 'r3', 'body', answer, keeping)).toBe('kept of answer 3');
      expect(await memory.once(scope, 'r2', 'body', answer, keeping)).toBe('answer 10003');
    });

    test('forgets one that is done for a new one, and refuses that only where none is', async () => {
      await memory.once(scope, 'done', 'body', answer, keeping);
      for (let at = 2; at <= 100_001; at += 1) await memory.once(scope, `r${at}`, 'body', answer, never);
      await expect(memory.once(scope, 'one more', 'body', answer, never)).rejects.toMatchObject({
        code: 'CAPACITY_EXHAUSTED',
      });
    });

    test('has a bound in bytes too, and keeps at least the latest that is done', async () => {
      const large = { ...keeping, bytesOf: () => 40 * 1024 * 1024 };
      for (const id of ['r1', 'r2']) {
        await memory.once(scope, id, 'body', answer, large);
        await settle();
      }
      expect(await memory.once(scope, 'r2', 'body', answer, large)).toBe('kept of answer 2');
      expect(await memory.once(scope, 'r1', 'body', answer, large)).toBe('answer 3');
      await settle();
      await memory.once('tom', 'r1', 'body', answer, { ...keeping, bytesOf: () => 1e9 });
      await settle();
      expect(await memory.once('tom', 'r1', 'body', answer, keeping)).toBe('kept of answer 4');
    });

    test('has room again when what was large is an hour old', async () => {
      const large = { ...keeping, bytesOf: () => 40 * 1024 * 1024 };
      await memory.once(scope, 'r1', 'body', answer, large);
      await clock.advance(HOUR);
      await memory.once(scope, 'r2', 'body', answer, { ...keeping, bytesOf: () => 30 * 1024 * 1024 });
      await memory.once(scope, 'r3', 'body', answer, { ...keeping, bytesOf: () => 30 * 1024 * 1024 });
      await settle();
      expect(await memory.once(scope, 'r2', 'body', answer, keeping)).toBe('kept of answer 2');
    });
  });
});
