import { CHECK_NAMES, CHECKS, type CheckName } from './checks.ts';

export interface CheckResult {
  readonly name: CheckName;
  readonly ok: boolean;
  /** Present where it is not ok: what is wrong, and what to do. */
  readonly problem?: string;
}

/** What the kit found. */
export interface PluginReport {
  /** The name of the plugin; of one that could not be loaded, what was to be loaded. */
  readonly plugin: string;
  /** No check failed. */
  readonly ok: boolean;
  /** Those that were asked. */
  readonly checks: readonly CheckResult[];
  /** Those that were skipped, or could not be asked because of one that failed. */
  readonly notRun: readonly CheckName[];
}

/** For people: a line for each check. */
export function formatReport(report: PluginReport): string {
  const lines = CHECK_NAMES.map((name) => {
    const result = report.checks.find((each) => each.name === name);
    if (result === undefined) return `- ${name}: not run`;
    return result.ok ? `✓ ${name}: ${CHECKS[name]}` : failureLine(result);
  });
  return joined(verdictOn(report), lines);
}

/** For an error: what failed, and no more. */
export function formatFailures(report: PluginReport): string {
  return joined(verdictOn(report), report.checks.filter(({ ok }) => !ok).map(failureLine));
}

function verdictOn({ plugin, checks, notRun }: PluginReport): string {
  const failed = checks.filter(({ ok }) => !ok).length;
  const verdict = failed === 0 ? `passes ${checks.length} checks` : `fails ${failed} of ${checks.length} checks`;
  return `plugin ${plugin} ${verdict}${notRun.length === 0 ? '' : `; ${notRun.length} were not run`}`;
}

function joined(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function failureLine({ name, problem = CHECKS[name] }: CheckResult): string {
  return `✗ ${name}: ${problem}`;
}
