import type { RestartConfig } from '../configuration.ts';
import type { RestartOverride } from '../simulation/simulation.ts';
import { backoffMs } from './backoff.ts';

/** EX_CONFIG, and what container engines exit with when they cannot start: another try would end alike. */
const NEVER_AGAIN: ReadonlySet<number | undefined> = new Set([78, 125]);

/** How a worker ended that nobody had asked to. */
export interface UnaskedEnd {
  readonly isFailure: boolean;
  readonly exitCode?: number;
  /** From when it registered to when it hung or ended; absent when it never did register. */
  readonly uptimeMs?: number;
  /** In ms: how long ago the simulation was restarted, the oldest first. */
  readonly restartAges: readonly number[];
}

export type RestartDecision =
  /** `why` is for people, where it needs saying. */
  | { readonly kind: 'none'; readonly why?: string }
  | { readonly kind: 'exhausted'; readonly why: string }
  | { readonly kind: 'restart'; readonly delayMs: number; readonly forgetsHistory: boolean };

/** Whether a simulation gets another worker, and when. `chance` is from 0 to just below 1. */
export function decideRestart(config: RestartConfig, end: UnaskedEnd, chance: number): RestartDecision {
  const { policy, maxRestarts, windowMs, resetAfterMs, backoff } = config;
  if (policy === 'never' || (policy === 'on-failure' && !end.isFailure)) return { kind: 'none' };
  if (NEVER_AGAIN.has(end.exitCode)) {
    return {
      kind: 'none',
      why: `it is not restarted: exit code ${end.exitCode} says that another try would end alike`,
    };
  }
  const wasHealthy = end.uptimeMs !== undefined && end.uptimeMs >= resetAfterMs;
  const ages = wasHealthy ? [] : end.restartAges;
  const recent = ages.filter((ageMs) => ageMs <= windowMs).length;
  if (recent >= maxRestarts) {
    return {
      kind: 'exhausted',
      why: `out of restarts: ${recent} within ${windowMs} ms (restart.max_restarts, restart.window)`,
    };
  }
  return { kind: 'restart', delayMs: backoffMs(backoff, ages.length, chance), forgetsHistory: wasHealthy };
}

/** What holds for one run: that of its worker type, but for what the run says itself. */
export function restartConfigOf(ofType: RestartConfig, { policy, maxRestarts }: RestartOverride = {}): RestartConfig {
  return { ...ofType, policy: policy ?? ofType.policy, maxRestarts: maxRestarts ?? ofType.maxRestarts };
}
