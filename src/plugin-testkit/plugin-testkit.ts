/**
 * The conformance kit for authors of worker-type plugins: what the daemon asks of a plugin, and what it could only notice when
 * runs go wrong, as named checks. For any test runner:
 *
 *     import { test } from 'node:test';
 *     import { assertConforms } from 'shoal/plugin-testkit';
 *     import plugin from '../index.mjs';
 *
 *     test('the plugin conforms', () => assertConforms(plugin, { options: { script: 'counter.mjs' } }));
 */
import { checkPlugin, type PluginUnderTest } from './conformance.ts';
import { formatFailures, type PluginReport } from './report.ts';
import type { Trial } from './trial.ts';

export { CHECKS, type CheckName } from './checks.ts';
export { checkPlugin, type PluginUnderTest } from './conformance.ts';
export { type CheckResult, formatReport, type PluginReport } from './report.ts';
export type { Trial, TrialLaunch } from './trial.ts';

/** A plugin failed a check; the message tells each that failed, and why. */
export class ConformanceError extends Error {
  readonly #report: PluginReport;

  constructor(report: PluginReport) {
    super(formatFailures(report));
    this.#report = report;
  }

  /** Of the class, and private what is no message: test runners print an error with all that is its own. */
  override get name(): string {
    return 'ConformanceError';
  }

  get report(): PluginReport {
    return this.#report;
  }
}

/** {@link checkPlugin} for a test. @throws ConformanceError when a check failed */
export async function assertConforms(plugin: PluginUnderTest, trial: Trial = {}): Promise<PluginReport> {
  const report = await checkPlugin(plugin, trial);
  if (!report.ok) throw new ConformanceError(report);
  return report;
}
