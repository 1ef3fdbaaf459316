import { beforeAll, expect, inject, test } from 'vitest';
import { CHECKS } from '../../../src/conformance/checks/catalogue.ts';
import type { ConformanceReport } from '../../../src/conformance/report.ts';
import { examine, withOutcome } from '../../support/broken-worker/examinations.ts';
import { checkOf, FAULTS } from '../../support/broken-worker/faults/faults.ts';
import { Queue } from '../../support/broken-worker/queue.ts';

/** Of these, each with so many workers: more of them, and faults of a moment drown in the load. */
const AT_THE_SAME_TIME = 3;
const JOBS = 4;

/** All of them together. */
const TIMEOUT_MS = 15 * 60_000;

/** Held against every check is one worker out of so many of each section: that costs some ten seconds of computing. */
const HELD_AGAINST_ALL = 5;

interface Examined {
  /** Absent: all. */
  readonly checks?: readonly string[];
  readonly verdict: string;
}

/** Of several ways to fail a check the first is held against its section at least, the others against the check alone. */
function examined(fault: string): Examined {
  const check = checkOf(fault);
  if (fault !== check) return { checks: [check], verdict: `fails ${check}` };
  const section = CHECKS.find(({ id }) => id === check)?.section;
  const checks = CHECKS.filter((other) => other.section === section).map(({ id }) => id);
  return checks.indexOf(check) % HELD_AGAINST_ALL === 0
    ? { verdict: `fails ${check}, and of all checks it alone` }
    : { checks, verdict: `fails ${check}, and of the checks of ${section} it alone` };
}

const reports = new Map<string, Promise<ConformanceReport>>();

// All of them begin before the first test waits for its own.
beforeAll(() => {
  const queue = new Queue(AT_THE_SAME_TIME);
  const { path: natsServer } = inject('natsServer');
  for (const fault of Object.keys(FAULTS)) {
    const { checks } = examined(fault);
    const only = checks === undefined ? {} : { only: checks };
    const report = queue.run(() => examine({ fault, natsServer, jobs: JOBS, ...only }));
    report.catch(() => {});
    reports.set(fault, report);
  }
});

for (const [fault, { it }] of Object.entries(FAULTS)) {
  const check = checkOf(fault);
  test(`a worker that ${it} ${examined(fault).verdict}`, { timeout: TIMEOUT_MS }, async () => {
    const report = (await reports.get(fault)) as ConformanceReport;
    expect(withOutcome(report, 'failed')).toEqual({ [check]: expect.stringMatching(/./) });
    expect(withOutcome(report, 'not_run')).toEqual({});
    expect(withOutcome(report, 'not_applicable')).toEqual({});
  });
}
