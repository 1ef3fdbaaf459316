import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EventCounters } from '../../domain/ingest/event-counters.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import { SIMULATION_STATES } from '../../domain/simulation/simulation-state.ts';
import type { SupervisionEvent } from '../../domain/supervision/supervision-event.ts';

/** A figure that its owner counts and that is read at every scrape. */
export interface Reading {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly labels: readonly string[];
  read(): Iterable<{ readonly labels: Readonly<Record<string, string>>; readonly value: number }>;
}

export interface PrometheusMetricsParts {
  readonly registry: SimulationRegistry;
  readonly counters: EventCounters;
  /** What adapters count themselves: gRPC calls, NATS, queues. */
  readonly readings: readonly Reading[];
}

/** Seconds; commands take from below a millisecond to the command timeout. */
const COMMAND_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10];

/** All metrics of the daemon. Labels are bounded: worker types, declared event keys, states, commands; never an id. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #commands: Histogram<'command' | 'result'>;
  readonly #workers: Counter<'worker_type' | 'event'>;
  readonly #restarts: Counter<'worker_type'>;
  readonly #stalls: Counter<'worker_type'>;
  readonly #breakers: Gauge<'worker_type'>;

  constructor({ registry, counters, readings }: PrometheusMetricsParts) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'shoal_', eventLoopMonitoringPrecision: 10 });
    this.#commands = new Histogram({
      name: 'shoal_command_duration_seconds',
      help: 'From the call of ControlSimulation to its answer.',
      labelNames: ['command', 'result'],
      buckets: COMMAND_BUCKETS,
      registers,
    });
    this.#workers = new Counter({
      name: 'shoal_workers_total',
      help: 'Workers launched, registered, ended, and launches that failed.',
      labelNames: ['worker_type', 'event'],
      registers,
    });
    const labelNames = ['worker_type'] as const;
    this.#restarts = new Counter({
      name: 'shoal_restarts_total',
      help: 'Restarts that the restart policy decided on.',
      labelNames,
      registers,
    });
    this.#stalls = new Counter({
      name: 'shoal_stalls_total',
      help: 'Times that the tick of a RUNNING simulation stood for limits.stall_timeout.',
      labelNames,
      registers,
    });
    this.#breakers = new Gauge({
      name: 'shoal_worker_type_breaker_open',
      help: '1 while a worker type is not started because its starts failed one after the other.',
      labelNames,
      registers,
    });
    for (const reading of [...eventReadings(counters), simulationsReading(registry), ...readings])
      this.#expose(reading);
  }

  async text(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  command(command: string, result: string, seconds: number): void {
    this.#commands.observe({ command, result }, seconds);
  }

  supervised(event: SupervisionEvent, workerType: string): void {
    const labels = { worker_type: workerType };
    if (event.kind === 'breaker-moved') this.#breakers.set(labels, event.state === 'closed' ? 0 : 1);
    else if (event.kind === 'stalled') this.#stalls.inc(labels);
    else if (event.kind !== 'tick-moves') {
      this.#workers.inc({ ...labels, event: event.kind.replace('-', '_') });
      if (willRestart(event)) this.#restarts.inc(labels);
    }
  }

  #expose({ name, help, kind, labels, read }: Reading): void {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset();
          for (const sample of read()) this.set({ ...sample.labels }, sample.value);
        },
      });
      return;
    }
    new Counter({
      ...options,
      collect() {
        this.reset();
        for (const sample of read()) this.inc({ ...sample.labels }, sample.value);
      },
    });
  }
}

function willRestart(event: SupervisionEvent): boolean {
  if (event.kind === 'launch-failed') return event.willRestart;
  return event.kind === 'ended' && event.simulation?.state === 'RESTARTING';
}

function eventReadings(counters: EventCounters): Reading[] {
  const byKey = (name: string, help: string, figure: 'received' | 'logged'): Reading => ({
    name,
    help,
    kind: 'counter',
    labels: ['worker_type', 'event_type_key'],
    *read() {
      for (const [worker_type, event_type_key, counts] of counters.entries()) {
        yield { labels: { worker_type, event_type_key }, value: counts[figure] };
      }
    },
  });
  return [
    byKey(
      'shoal_events_received_total',
      'Events accepted from workers; keys that no plugin declares are `other`.',
      'received',
    ),
    byKey('shoal_events_logged_total', 'Events handed to the log.', 'logged'),
    single('shoal_events_rejected_total', 'Events refused one by one.', 'counter', () => counters.rejected),
    single(
      'shoal_command_acks_total',
      'Acknowledgements of commands received from workers.',
      'counter',
      () => counters.acknowledgements,
    ),
  ];
}

/** A figure without labels. */
export function single(name: string, help: string, kind: Reading['kind'], value: () => number): Reading {
  return { name, help, kind, labels: [], read: () => [{ labels: {}, value: value() }] };
}

function simulationsReading(registry: SimulationRegistry): Reading {
  return {
    name: 'shoal_simulations',
    help: 'Simulations by state and worker type.',
    kind: 'gauge',
    labels: ['state', 'worker_type'],
    read() {
      const counts = new Map<string, number>();
      for (const { state, workerType } of registry.simulations()) {
        const key = `${state} ${workerType}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const types = new Set([...registry.simulations()].map(({ workerType }) => workerType));
      return [...types].flatMap((worker_type) =>
        SIMULATION_STATES.map((state) => ({
          labels: { state, worker_type },
          value: counts.get(`${state} ${worker_type}`) ?? 0,
        })),
      );
    },
  };
}
