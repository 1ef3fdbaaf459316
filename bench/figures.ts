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

export type Figure = RateFigure | LatencyFigure;

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
