import type { Section } from './check.ts';

export type Outcome = 'passed' | 'failed' | 'not_applicable' | 'not_run';

/** What one check came to. */
export interface CheckResult {
  readonly id: string;
  readonly section: Section;
  readonly title: string;
  readonly outcome: Outcome;
  /** What the worker did instead; of a check that was not applicable or not run, why. Empty when it passed. */
  readonly seen: string;
  /** What the worker has to do; only of one that failed. */
  readonly expected: string;
  /** What to change; only of one that failed. */
  readonly fix: string;
  /** The last lines that the worker wrote to stderr, or else to stdout; only of one that failed or was not run. */
  readonly output: readonly string[];
  readonly durationMs: number;
}

export interface ConformanceReport {
  readonly workerType: string;
  readonly checks: readonly CheckResult[];
}

export function count(report: ConformanceReport, outcome: Outcome): number {
  return report.checks.filter((check) => check.outcome === outcome).length;
}

/** Nothing failed, and nothing was left out that could have. */
export function conforms(report: ConformanceReport): boolean {
  return count(report, 'failed') === 0 && count(report, 'not_run') === 0;
}
