import type { Figure, GrowthFigure, LatencyFigure, RateFigure } from '../figures.ts';

export const RATE_HEADER = ['rate', 'a second', 'of ceiling', 'daemon µs', 'sender µs', 'server µs', 'lost'];
export const LATENCY_HEADER = ['latency', 'count', 'p50 ms', 'p99 ms', 'max ms', 'daemon µs', 'of ceiling, p50 / p99'];

export const GROWTH_HEADER = [
  ...['growth', 'events/s', 'daemon µs', 'MiB', 'KiB a simulation'],
  ...['loop lag p99 ms', 'start ms', 'list ms', 'status ms'],
];

export function growthRows(figures: readonly Figure[]): string[][] {
  return figures
    .filter((figure): figure is GrowthFigure => figure.kind === 'growth')
    .map(({ name, run }) => [
      name,
      Math.round(run.eventsPerSecond).toLocaleString('en'),
      micros(run.cpuMicros),
      run.residentMib.toFixed(0),
      run.kibPerSimulation.toFixed(0),
      run.loopLagP99Ms.toFixed(1),
      run.startMs.toFixed(1),
      run.listMs.toFixed(2),
      run.statusMs.toFixed(2),
    ]);
}

export function rateRows(figures: readonly Figure[]): string[][] {
  return figures.filter((figure): figure is RateFigure => figure.kind === 'rate').map(rateRow);
}

export function latencyRows(figures: readonly Figure[]): string[][] {
  return figures.filter((figure): figure is LatencyFigure => figure.kind === 'latency').map(latencyRow);
}

function rateRow({ name, best, ofCeilings, runs }: RateFigure): string[] {
  const { receiver, sender, natsServer } = best.cpuMicros;
  const shares = ofCeilings.map(({ ceiling, share }) => `${Math.round(share * 100)}% ${shortly(ceiling)}`);
  const lost = Math.max(...runs.map((run) => run.lost));
  return [
    name,
    Math.round(best.perSecond).toLocaleString('en'),
    shares.join(', '),
    micros(receiver),
    micros(sender),
    micros(natsServer),
    String(lost),
  ];
}

function latencyRow({ name, latencies, ofCeilings }: LatencyFigure): string[] {
  const { count, p50, p99, max, daemonCpuMicros = null } = latencies;
  const times = ofCeilings.map(
    ({ ceiling, p50, p99 }) => `${p50.toFixed(1)}× / ${p99.toFixed(1)}× ${shortly(ceiling)}`,
  );
  const cpu = micros(daemonCpuMicros);
  return [name, String(count), p50.toFixed(2), p99.toFixed(2), max.toFixed(2), cpu, times.join(', ')];
}

function micros(value: number | null): string {
  if (value === null) return '';
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

function shortly(ceiling: string): string {
  return ceiling.replace('ceiling/', '');
}
