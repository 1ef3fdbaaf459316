/**
 * Prints `N passed, N failed` from vitest's JSON report, and fails where something failed, was skipped, or nothing ran.
 *
 *   node scripts/test-totals.mjs .cache/test-report.json [more reports]
 */
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
// A file that could not be loaded has no tests; it counts as one that failed.
const unloaded = sum(({ testResults }) => testResults.filter(isUnloaded).length);
const failed = unloaded + sum((report) => report.numFailedTests);

if (skipped > 0) console.log(`${skipped} skipped`);
if (passed + failed === 0) console.log('no test ran');
if (failed === 0 && !reports.every(({ success }) => success)) console.log('errors outside of tests');
console.log(`${passed} passed, ${failed} failed`);

const good = failed === 0 && skipped === 0 && passed > 0 && reports.every(({ success }) => success);
process.exitCode = good ? 0 : 1;

function isUnloaded({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
}
