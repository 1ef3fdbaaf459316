import { packageVersion } from '../../app/package-version.ts';
import { type ConformanceReport, count } from '../../conformance/report.ts';

/** What programs read: the names stay, new ones may come. */
export function reportJson(report: ConformanceReport) {
  return {
    worker_type: report.workerType,
    version: packageVersion(),
    checks: report.checks.map(({ id, section, title, outcome, seen, expected, fix, output, durationMs }) => ({
      id,
      section,
      title,
      outcome,
      seen,
      expected,
      fix,
      output,
      duration_ms: durationMs,
    })),
    passed: count(report, 'passed'),
    failed: count(report, 'failed'),
    not_applicable: count(report, 'not_applicable'),
    not_run: count(report, 'not_run'),
  };
}
