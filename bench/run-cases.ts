import type { Case, GrowthCase, LatencyCase, RateCase } from './cases.ts';
import type { Figure, GrowthFigure, LatencyFigure, MeasuredLatencies, RateFigure, RateRun } from './figures.ts';
import type { Stage } from './stage.ts';

export interface RunSettings {
  readonly seconds: number;
  readonly rounds: number;
  /** Told what is measured now and what it gave. */
  readonly progress: (name: string, result: string) => void;
}

/**
 * Rates run in rounds, each of which has every ceiling and every case once, and the best run of each counts: what else
 * the machine does at a time then meets both sides of a ratio. Latencies run once, after them.
 */
export async function runCases(
  cases: readonly Case[],
  stage: Stage,
  settings: RunSettings,
): Promise<readonly Figure[]> {
  const rates = await runRates(
    cases.filter((each) => each.kind === 'rate'),
    stage,
    settings,
  );
  const latencies = await runLatencies(
    cases.filter((each) => each.kind === 'latency'),
    stage,
    settings,
  );
  const growth = await runGrowth(
    cases.filter((each) => each.kind === 'growth'),
    stage,
    settings,
  );
  return [...rates, ...latencies, ...growth];
}

async function runGrowth(cases: readonly GrowthCase[], stage: Stage, settings: RunSettings): Promise<GrowthFigure[]> {
  const figures: GrowthFigure[] = [];
  for (const { name, run: runCase } of cases) {
    const run = await runCase(stage);
    figures.push({ kind: 'growth', name, run });
    settings.progress(name, `${run.cpuMicros.toFixed(1)} µs an event, ${run.residentMib.toFixed(0)} MiB`);
  }
  return figures;
}

async function runRates(cases: readonly RateCase[], stage: Stage, settings: RunSettings): Promise<RateFigure[]> {
  const runs = new Map<string, RateRun[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const { name, run } of cases) {
      const result = await run(stage, settings.seconds);
      runs.get(name)?.push(result);
      settings.progress(name, `${Math.round(result.perSecond).toLocaleString('en')}/s, lost ${result.lost}`);
    }
  }
  const best = (name: string): RateRun => bestOf(runs.get(name) ?? []);
  return cases.map(({ name, ceilings }) => ({
    kind: 'rate',
    name,
    best: best(name),
    runs: runs.get(name) ?? [],
    ofCeilings: ceilings.map((ceiling) => ({ ceiling, share: best(name).perSecond / best(ceiling).perSecond })),
  }));
}

async function runLatencies(
  cases: readonly LatencyCase[],
  stage: Stage,
  settings: RunSettings,
): Promise<LatencyFigure[]> {
  const found = new Map<string, { readonly latencies: MeasuredLatencies; readonly ceilings: readonly string[] }>();
  for (const { name, ceilings, run } of cases) {
    for (const [part, latencies] of Object.entries(await run(stage))) {
      const full = part === '' ? name : `${name}/${part}`;
      found.set(full, { latencies, ceilings });
      settings.progress(full, `p50 ${latencies.p50.toFixed(2)} ms, p99 ${latencies.p99.toFixed(2)} ms`);
    }
  }
  return [...found].map(([name, { latencies, ceilings }]) => ({
    kind: 'latency',
    name,
    latencies,
    ofCeilings: ceilings.flatMap((ceiling) => {
      const bound = found.get(ceiling)?.latencies;
      return bound === undefined ? [] : [{ ceiling, p50: latencies.p50 / bound.p50, p99: latencies.p99 / bound.p99 }];
    }),
  }));
}

function bestOf([first, ...others]: readonly RateRun[]): RateRun {
  if (first === undefined) throw new Error('there was no run');
  return others.reduce((best, run) => (run.perSecond > best.perSecond ? run : best), first);
}
