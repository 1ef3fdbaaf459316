import { beforeAll, expect, inject, test } from 'vitest';
import type { ConformanceReport } from '../../../src/conformance/report.ts';
import { examine, withOutcome } from '../../support/broken-worker/examinations.ts';
import { checkOf, FAULTS } from '../../support/broken-worker/faults/faults.ts';
import { Queue } from '../../support/broken-worker/queue.ts';

/** Of these, each with so many workers: more of them, and faults of a moment drown in the load. */
const AT_THE_SAME_TIME = 3;
const JOBS = 4;

/** All of them together. */
const TIMEOUT_MS = 15 * 60_000;

/**
 * Of several ways to fail a check the first is examined in every check: that costs some ten seconds of computing. The
 * others are, in their own.
 */
const isFirstWay = (fault: string): boolean => fault === checkOf(fault);

const reports = new Map<string, Promise<ConformanceReport>>();

// All of them begin before the first test waits for its own.
beforeAll(() => {
  const queue = new Queue(AT_THE_SAME_TIME);
  const { path: natsServer } = inject('natsServer');
  for (const fault of Object.keys(FAULTS)) {
    const only = isFirstWay(fault) ? {} : { only: [checkOf(fault)] };
    const report = queue.run(() => examine({ fault, natsServer, jobs: JOBS, ...only }));
    report.catch(() => {});
    reports.set(fault, report);
  }
});

for (const [fault, { it }] of Object.entries(FAULTS)) {
  const check = checkOf(fault);
  const verdict = isFirstWay(fault) ? `fails ${check}, and of all checks it alone` : `fails ${check}`;
  test(`a worker that ${it} ${verdict}`, { timeout: TIMEOUT_MS }, async () => {
    const report = (await reports.get(fault)) as ConformanceReport;
    expect(withOutcome(report, 'failed')).toEqual({ [check]: expect.stringMatching(/./) });
    expect(withOutcome(report, 'not_run')).toEqual({});
    expect(withOutcome(report, 'not_applicable')).toEqual({});
  });
}
