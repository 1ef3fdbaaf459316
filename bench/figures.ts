import type { Latencies } from './support/latencies.ts';

/** Processor time for each event, in microseconds; null where it cannot be told. */
export interface CpuMicros {
  /** The daemon; of a ceiling, the process that stands in its place. */
  readonly receiver: number | null;
  /** The worker that reports the events; of a ceiling, the process that sends. */
  readonly sender: number | null;
  readonly natsServer: number | null;
}

/** One run of one case. */
export interface RateRun {
  readonly perSecond: number;
  readonly events: number;
  /** The largest difference that any of the counts showed. Anything but 0 makes the run worthless. */
  readonly lost: number;
  readonly cpuMicros: CpuMicros;
}

export interface MeasuredLatencies extends Latencies {
  /** Processor time of the daemon for each of them, in microseconds; absent where other work would count with it. */
  readonly daemonCpuMicros?: number;
}

export interface RateFigure {
  readonly kind: 'rate';
  readonly name: string;
  /** The best of them. */
  readonly best: RateRun;
  readonly runs: readonly RateRun[];
  readonly ofCeilings: readonly ShareOfCeiling[];
}

export interface LatencyFigure {
  readonly kind: 'latency';
  readonly name: string;
  readonly latencies: MeasuredLatencies;
  readonly ofCeilings: readonly TimesCeiling[];
}

/** What a daemon costs that has so many simulations. */
export interface GrowthRun {
  readonly simulations: number;
  readonly eventsPerSecond: number;
  /** Processor time of the daemon for each event. */
  readonly cpuMicros: number;
  readonly residentMib: number;
  /** What the daemon has grown by since it had none. */
  readonly kibPerSimulation: number;
  readonly loopLagP99Ms: number;
  /** From the call of StartSimulation until RUNNING, of ten more; the median, as of what follows. */
  readonly startMs: number;
  /** Of the first page of ListSimulations. */
  readonly listMs: number;
  readonly statusMs: number;
}

export interface GrowthFigure {
  readonly kind: 'growth';
  readonly name: string;
  readonly run: GrowthRun;
}

export interface ShareOfCeiling {
  readonly ceiling: string;
  /** 1: as many events a second. */
  readonly share: number;
}

export interface TimesCeiling {
  readonly ceiling: string;
  /** 1: as fast. */
  readonly p50: number;
  readonly p99: number;
}

export type Figure = RateFigure | LatencyFigure | GrowthFigure;

/** One run of the bench, as it is written to JSON. */
export interface BenchReport {
  readonly at: string;
  readonly durationSeconds: number;
  readonly machine: MachineFacts;
  readonly settings: { readonly seconds: number; readonly rounds: number; readonly payloadBytes: number };
  readonly figures: readonly Figure[];
}

export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  readonly natsServer: string | null;
  /** One-minute load average before and after: what else the machine did. */
  readonly loadAverage: readonly [before: number, after: number];
}
