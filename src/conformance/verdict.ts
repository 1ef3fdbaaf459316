import type { Check } from './check.ts';
import type { Examination } from './examination.ts';
import { Finding, NotApplicable } from './finding.ts';
import type { CheckResult } from './report.ts';

/** What one check came to, in the words of its report; what is absent is empty there. */
export type Verdict = Pick<CheckResult, 'outcome' | 'seen'> & Partial<CheckResult>;

/** Of the worker's output, quoted with a verdict. */
const OUTPUT_LINES = 10;

export async function judge(check: Check, examination: Examination): Promise<Verdict> {
  const startedMs = performance.now();
  const durationMs = () => performance.now() - startedMs;
  try {
    await check.run(examination);
    return { outcome: 'passed', seen: '', durationMs: durationMs() };
  } catch (err) {
    return { ...verdictOf(check, err, examination), durationMs: durationMs() };
  }
}

/** What was thrown by a check, or on the way to it: whatever is no finding about the worker leaves the check not run. */
export function verdictOf(check: Check, thrown: unknown, examination?: Examination): Verdict {
  const output = examination?.lastLines(OUTPUT_LINES) ?? [];
  if (thrown instanceof Finding) {
    const { seen, expected } = thrown;
    return { outcome: 'failed', seen, expected, fix: check.fix, output };
  }
  const seen = thrown instanceof Error ? thrown.message : String(thrown);
  return thrown instanceof NotApplicable ? { outcome: 'not_applicable', seen } : { outcome: 'not_run', seen, output };
}
