import { describe, expect, it } from 'vitest';
import type { AnyPlugin } from '../../../src/adapters/plugins/any-plugin.ts';
import { runHook } from '../../../src/adapters/plugins/hook.ts';
import {
  catalogueOf,
  launchOf,
  plainPlugin,
  reasonOf,
  SIGNAL,
  typeOf,
  workerTypeConfig,
} from '../../support/plugins/catalogue-for-test.ts';
import { PluginFolder } from '../../support/plugins/plugin-folder.ts';

const never = () => new Promise<never>(() => {});
const LIMIT = { hookTimeoutMs: 30 };

describe('a hook that does not answer', () => {
  it('makes the type unavailable when it is describe', async () => {
    let signal: AbortSignal | undefined;
    const describeForEver = (_: unknown, context: { signal: AbortSignal }) => {
      signal = context.signal;
      return never();
    };
    const type = await typeOf(plainPlugin({ describe: describeForEver }), {}, LIMIT);
    expect(reasonOf(type)).toMatch(/describe\(\) failed: it did not answer within 30 ms/);
    expect(signal?.aborted).toBe(true);
  });

  it('fails the launch when it is launch, and the next may succeed', async () => {
    let calls = 0;
    const launch = () => (calls++ === 0 ? never() : { executable: 'w' });
    const type = await typeOf(plainPlugin({}, { launch }), {}, LIMIT);
    await expect(type.plan(launchOf())).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringMatching(/did not answer within 30 ms/),
    });
    expect(await type.plan(launchOf())).toMatchObject({ executable: 'w' });
  });

  it('makes the type unavailable when it is the module itself', async () => {
    const folder = new PluginFolder();
    try {
      folder.file('hangs.js', 'await new Promise(() => {});\nexport default {};');
      const catalogue = catalogueOf([workerTypeConfig('./hangs.js')], { ...LIMIT, baseDirectory: folder.path });
      await catalogue.start(SIGNAL);
      expect(catalogue.list().map(reasonOf)).toEqual([
        expect.stringMatching(/hangs.js cannot be loaded: it did not answer within 30 ms/),
      ]);
    } finally {
      folder.remove();
    }
  });

  it('does not hold back a daemon that is told to stop before it is up', async () => {
    const builtIns = new Map([['p', plainPlugin({ describe: never }) as AnyPlugin]]);
    const catalogue = catalogueOf([workerTypeConfig('p')], { builtIns, hookTimeoutMs: 100 });
    const stop = new AbortController();
    const started = catalogue.start(stop.signal);
    stop.abort();
    await started;
    expect(catalogue.list()).toEqual([]);
    // Lets the hook's timer end within the test.
    await catalogue.start(SIGNAL);
    expect(catalogue.list().map(reasonOf)).toEqual([expect.stringMatching(/100 ms/)]);
  });
});

describe('runHook', () => {
  it('answers what the hook answers, awaited or not', async () => {
    expect(await runHook(1_000, () => 1)).toBe(1);
    expect(await runHook(1_000, async () => 2)).toBe(2);
  });

  it('throws what the hook throws, awaited or not', async () => {
    await expect(runHook(1_000, () => Promise.reject(new RangeError('a')))).rejects.toThrow(RangeError);
    const thrower = () => {
      throw new RangeError('b');
    };
    await expect(runHook(1_000, thrower)).rejects.toThrow(RangeError);
  });

  it('drops a rejection that comes too late, so that it cannot end the daemon', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    let rejectLate: (reason: Error) => void = () => {};
    const late = new Promise<never>((_, reject) => {
      rejectLate = reject;
    });
    await expect(runHook(5, () => late)).rejects.toThrow('within 5 ms');
    rejectLate(new Error('too late'));
    // Node tells of unhandled rejections after the microtasks of the turn.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('drops the answer of a hook that computed for too long', async () => {
    let signal: AbortSignal | undefined;
    const compute = (given: AbortSignal) => {
      signal = given;
      const startedMs = performance.now();
      while (performance.now() - startedMs < 20);
      return 'late';
    };
    await expect(runHook(10, compute)).rejects.toThrow('within 10 ms');
    expect(signal?.aborted).toBe(true);
  });

  it('aborts its signal only when the time is up', async () => {
    let signal: AbortSignal | undefined;
    await runHook(1_000, (given) => {
      signal = given;
    });
    expect(signal?.aborted).toBe(false);
  });
});
