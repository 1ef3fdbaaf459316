import type { BackoffConfig } from '../configuration.ts';

/**
 * How long to wait before the next try, in whole ms.
 *
 * @param tries that went before it, from 0
 * @param chance from 0 to just below 1: where the delay lies within its jitter
 * @returns from 1 to `maxMs`, jitter included
 */
export function backoffMs({ initialMs, maxMs, factor, jitter }: BackoffConfig, tries: number, chance: number): number {
  const plainMs = Math.min(maxMs, initialMs * factor ** tries);
  const jittered = plainMs * (1 + jitter * (2 * chance - 1));
  return Math.max(1, Math.min(maxMs, Math.round(jittered)));
}
