/**
 * Measures Shoal, and beside it, in the same run, what bounds it. Prints tables and writes `bench/results/latest.json`.
 *
 *   npm run bench                             everything; about 5 minutes, with Rust on the machine
 *   npm run bench -- --only nats/batch        the cases that match a regular expression, and their ceilings
 *   npm run bench -- --seconds 5 --rounds 1   longer runs, fewer of them
 *   npm run bench -- --markdown FILE          also writes the tables between the marks in that page
 *   npm run bench -- --chart FILE             also draws the figures, as SVG
 *   npm run bench -- --cpu-prof DIR           also writes CPU profiles of the daemons; read them with bench/profile-top.ts
 *   npm run bench -- --list                   names the cases
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { rustBinary } from '../test/support/toolchains/cargo.ts';
import { allCases } from './all-cases.ts';
import { choose } from './cases.ts';
import type { BenchReport } from './figures.ts';
import { PAYLOAD_BYTES } from './load/load-plan.ts';
import { chartOf } from './report/chart.ts';
import { GROWTH_HEADER, growthRows, LATENCY_HEADER, latencyRows, RATE_HEADER, rateRows } from './report/figure-rows.ts';
import { writeMarkdown } from './report/markdown.ts';
import { textTable } from './report/table.ts';
import { runCases } from './run-cases.ts';
import { RUST_WORKER, Stage } from './stage.ts';

const RESULTS = new URL('results/', import.meta.url);

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    markdown: { type: 'string' },
    chart: { type: 'string' },
    'cpu-prof': { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const seconds = atLeast(values.seconds, '--seconds', 0.1);
const rounds = atLeast(values.rounds, '--rounds', 1);
const cases = choose(allCases, values.only === undefined ? undefined : new RegExp(values.only));

if (cases.length === 0) {
  console.error(`no case matches ${values.only}; --list names them`);
  process.exitCode = 2;
} else if (values.list) {
  console.log(cases.map(({ name }) => name).join('\n'));
} else {
  const report = await measure();
  write(report);
  // A figure that lost events is none.
  if (report.figures.some((figure) => figure.kind === 'rate' && figure.runs.some(({ lost }) => lost !== 0))) {
    console.error('events were lost: see the last column');
    process.exitCode = 1;
  }
}

async function measure(): Promise<BenchReport> {
  const startedMs = performance.now();
  const [loadBefore = 0] = loadavg();
  await using stage = new Stage({
    ...(values['cpu-prof'] === undefined ? {} : { cpuProfileDir: values['cpu-prof'] }),
    ...(cases.some(({ name, usesRust }) => usesRust === true || name.includes(RUST_WORKER))
      ? { rustWorker: await rustBinary('flood-worker') }
      : {}),
  });
  const progress = (name: string, result: string): void => {
    const elapsed = `${Math.round((performance.now() - startedMs) / 1_000)} s`;
    console.error(`${elapsed.padStart(6)}  ${name.padEnd(32)} ${result}`);
  };
  const figures = await runCases(cases, stage, { seconds, rounds, progress });
  const [loadAfter = 0] = loadavg();
  return {
    at: new Date().toISOString(),
    durationSeconds: (performance.now() - startedMs) / 1_000,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
      natsServer: await stage.natsVersion(),
      loadAverage: [loadBefore, loadAfter],
    },
    settings: { seconds, rounds, payloadBytes: PAYLOAD_BYTES },
    figures,
  };
}

function write(report: BenchReport): void {
  const { figures, durationSeconds } = report;
  const rates = rateRows(figures);
  const latencies = latencyRows(figures);
  if (rates.length > 0) console.log(`\n${textTable(RATE_HEADER, rates)}`);
  if (latencies.length > 0) console.log(`\n${textTable(LATENCY_HEADER, latencies)}`);
  const growth = growthRows(figures);
  if (growth.length > 0) console.log(`\n${textTable(GROWTH_HEADER, growth)}`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('latest.json', RESULTS), `${JSON.stringify(report, null, 2)}\n`);
  if (values.markdown !== undefined) writeMarkdown(values.markdown, report);
  if (values.chart !== undefined) writeFileSync(values.chart, chartOf(report));
  console.log(`\n${Math.round(durationSeconds)} s; bench/results/latest.json`);
}

function atLeast(text: string, flag: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`${flag} is ${text}; expected a number from ${least} on`);
  return value;
}
