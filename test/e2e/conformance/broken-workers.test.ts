import { beforeAll, expect, inject, test } from 'vitest';
import type { ConformanceReport } from '../../../src/conformance/report.ts';
import { examine, withOutcome } from '../../support/broken-worker/examinations.ts';
import { checkOf, FAULTS } from '../../support/broken-worker/faults/faults.ts';
import { Queue } from '../../support/broken-worker/queue.ts';

/** They wait more than they compute. */
const AT_THE_SAME_TIME = 14;

/** All of them together. */
const TIMEOUT_MS = 8 * 60_000;

const reports = new Map<string, Promise<ConformanceReport>>();

// All of them begin before the first test waits for its own; first those that take long.
beforeAll(() => {
  const queue = new Queue(AT_THE_SAME_TIME);
  const { path: natsServer } = inject('natsServer');
  for (const fault of Object.keys(FAULTS).toReversed()) {
    const report = queue.run(() => examine({ fault, only: [checkOf(fault)], natsServer, jobs: 1 }));
    report.catch(() => {});
    reports.set(fault, report);
  }
});

for (const [fault, { it }] of Object.entries(FAULTS)) {
  test(`a worker that ${it} fails ${checkOf(fault)}`, { timeout: TIMEOUT_MS }, async () => {
    const report = (await reports.get(fault)) as ConformanceReport;
    expect(withOutcome(report, 'failed')).toEqual({ [checkOf(fault)]: expect.stringMatching(/./) });
  });
}
