import type { RestartConfig } from '../configuration.ts';

/** What holds where nothing is said of restarts, as in the schema of the configuration. */
export const NEVER_RESTARTED: RestartConfig = {
  policy: 'never',
  maxRestarts: 5,
  windowMs: 60_000,
  backoff: { initialMs: 200, maxMs: 10_000, factor: 2, jitter: 0.2 },
  minUptimeMs: 1_000,
  resetAfterMs: 300_000,
  startFrom: 'same-seed',
  breaker: { failures: 10, coolDownMs: 30_000 },
};
