import { describe, expect, test } from 'vitest';
import type { RestartPolicyName } from '../../../../src/domain/configuration.ts';
import { NEVER_RESTARTED } from '../../../../src/domain/supervision/never-restarted.ts';
import { decideRestart, restartConfigOf, type UnaskedEnd } from '../../../../src/domain/supervision/restart-policy.ts';

const decide = (policy: RestartPolicyName, end: Partial<UnaskedEnd>, config = {}) =>
  decideRestart({ ...NEVER_RESTARTED, policy, ...config }, { isFailure: true, restartAges: [], ...end }, 0.5);

describe('the restart policy', () => {
  test.each([
    ['never', { isFailure: true, exitCode: 1 }, 'none'],
    ['never', { isFailure: false, exitCode: 0 }, 'none'],
    ['on-failure', { isFailure: true, exitCode: 1 }, 'restart'],
    ['on-failure', { isFailure: true }, 'restart'],
    ['on-failure', { isFailure: true, exitCode: 0 }, 'restart'],
    ['on-failure', { isFailure: false, exitCode: 0 }, 'none'],
    ['always', { isFailure: false, exitCode: 0 }, 'restart'],
    ['always', { isFailure: true, exitCode: 1 }, 'restart'],
  ] as const)('%s after %j: %s', (policy, end, kind) => {
    expect(decide(policy, end).kind).toBe(kind);
  });

  test.each(['on-failure', 'always'] as const)('%s never restarts exit codes 78 and 125, and says so', (policy) => {
    for (const exitCode of [78, 125]) {
      expect(decide(policy, { exitCode })).toEqual({
        kind: 'none',
        why: expect.stringContaining(`exit code ${exitCode}`),
      });
    }
  });

  test('counts the restarts within the window, and no others', () => {
    const minute = [59_000, 40_000, 30_000, 20_000, 10_000];
    expect(decide('on-failure', { restartAges: minute })).toMatchObject({ kind: 'exhausted' });
    expect(decide('on-failure', { restartAges: [60_001, ...minute.slice(1)] })).toMatchObject({ kind: 'restart' });
  });

  test('waits longer with every restart that was not forgotten, also beyond the window', () => {
    const restartAges = [240_000, 180_000, 120_000];
    expect(decide('on-failure', { restartAges })).toMatchObject({ delayMs: 1_600, forgetsHistory: false });
  });

  test('forgets the history after a healthy spell', () => {
    const restartAges = [50_000, 40_000, 30_000, 20_000, 10_000];
    const end = { restartAges, uptimeMs: 300_000 };
    expect(decide('on-failure', end)).toEqual({ kind: 'restart', delayMs: 200, forgetsHistory: true });
    expect(decide('on-failure', { ...end, uptimeMs: 299_999 })).toMatchObject({ kind: 'exhausted' });
  });

  test('with max_restarts 0 restarts nothing', () => {
    expect(decide('always', {}, { maxRestarts: 0 })).toMatchObject({ kind: 'exhausted' });
  });

  test('of a run is that of its type, but for what the run says', () => {
    expect(restartConfigOf(NEVER_RESTARTED)).toEqual(NEVER_RESTARTED);
    expect(restartConfigOf(NEVER_RESTARTED, { policy: 'always', maxRestarts: 0 })).toEqual({
      ...NEVER_RESTARTED,
      policy: 'always',
      maxRestarts: 0,
    });
  });
});
