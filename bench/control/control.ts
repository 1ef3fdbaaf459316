/**
 * Compares ways to bring a command to a worker and its acknowledgement back (ADR 0009): bare programs with the messages
 * of Shoal, without its policy and its records. The ways take turns, command by command, so that whatever else the
 * machine does meets all of them alike.
 *
 *   npm run bench:control [-- --count 1000 --runs 5 --rate 20000 --markdown]
 */
import { parseArgs } from 'node:util';
import { markdownTable, textTable } from '../report/table.ts';
import { type Latencies, latenciesOf } from '../support/latencies.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { sampleMs } from '../support/sample.ts';
import { BareOrchestrator, MECHANISMS, type Mechanism } from './orchestrator.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '5' },
    rate: { type: 'string', default: '20000' },
    markdown: { type: 'boolean', default: false },
  },
});

type Run = Readonly<Record<Mechanism, Latencies>>;

/** Each run has processes of its own. */
async function measure(natsUrl: string, eventsPerSecond: number): Promise<Run> {
  await using orchestrator = await BareOrchestrator.start(natsUrl, eventsPerSecond);
  const samples = new Map<Mechanism, number[]>(MECHANISMS.map((mechanism) => [mechanism, []]));
  const turn = async (): Promise<void> => {
    for (const mechanism of MECHANISMS) {
      const [sample = Number.NaN] = await sampleMs(1, orchestrator.send[mechanism], { warmUp: 0 });
      samples.get(mechanism)?.push(sample);
    }
  };
  for (let warmUp = 0; warmUp < 50; warmUp += 1) await turn();
  for (const taken of samples.values()) taken.length = 0;
  for (let count = 0; count < Number(values.count); count += 1) await turn();
  return Object.fromEntries([...samples].map(([mechanism, taken]) => [mechanism, latenciesOf(taken)])) as Run;
}

const idle: Run[] = [];
const flowing: Run[] = [];
await using server = await startNatsServer();
for (let run = 0; run < Number(values.runs); run += 1) {
  idle.push(await measure(server.url, 0));
  flowing.push(await measure(server.url, Number(values.rate)));
}

/** The median of the runs, what they spread over, and the median of their ratios to the first mechanism's. */
function cells(runs: readonly Run[], mechanism: Mechanism, figure: 'p50' | 'p99'): string[] {
  const sorted = [...runs.map((run) => run[mechanism][figure])].sort((a, b) => a - b);
  const ratios = runs.map((run) => run[mechanism][figure] / run['nats-subject'][figure]);
  const spread = `${(sorted[0] ?? Number.NaN).toFixed(2)}–${(sorted.at(-1) ?? Number.NaN).toFixed(2)}`;
  return [median(sorted).toFixed(2), spread, `${median(ratios).toFixed(2)}×`];
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const header = ['way, ms', 'p50', 'of runs', 'to subject', 'p99', 'of runs', 'to subject'];
const rows = [
  ...MECHANISMS.map((mechanism) => [
    `${mechanism}, idle`,
    ...cells(idle, mechanism, 'p50'),
    ...cells(idle, mechanism, 'p99'),
  ]),
  ...MECHANISMS.map((mechanism) => [
    `${mechanism}, ${Number(values.rate).toLocaleString('en')} events/s`,
    ...cells(flowing, mechanism, 'p50'),
    ...cells(flowing, mechanism, 'p99'),
  ]),
];
console.log(values.markdown ? markdownTable(header, rows) : textTable(header, rows));
