import { resolve } from 'node:path';
import type { RoutingRule, ShoalConfig, WorkerTypeConfig } from '../../domain/configuration.ts';
import type { ParsedConfig } from './config-schema.ts';
import { isPluginPath } from './worker-type-schema.ts';

export interface Surroundings {
  /** The folder of the configuration file, against which relative paths are resolved. */
  readonly baseDirectory: string;
  /** Where files go when `data_dir` is left out. */
  readonly defaultDataDir: string;
}

/** From the spelling of YAML to the names and units of the domain. */
export function toShoalConfig(parsed: ParsedConfig, { baseDirectory, defaultDataDir }: Surroundings): ShoalConfig {
  const { messaging, limits, retention } = parsed;
  const { urls, managed, monitor, connect_timeout, stream } = messaging.nats;
  return {
    baseDirectory,
    dataDir: resolve(baseDirectory, parsed.data_dir ?? defaultDataDir),
    grpc: parsed.grpc,
    http: parsed.http,
    messaging: {
      adapter: messaging.adapter,
      durability: messaging.durability,
      nats: {
        urls,
        managed,
        ...(monitor === undefined ? {} : { monitor }),
        connectTimeoutMs: connect_timeout,
        stream: {
          name: stream.name,
          subject: stream.subject,
          storage: stream.storage,
          replicas: stream.replicas,
          maxBytes: stream.max_bytes,
          maxAgeMs: stream.max_age,
          duplicateWindowMs: stream.duplicate_window,
          maxInFlight: stream.max_in_flight,
          ackTimeoutMs: stream.ack_timeout,
        },
      },
    },
    workerTypes: parsed.worker_types.map((type) => toWorkerType(type, baseDirectory)),
    routing: { rules: parsed.routing.rules.map(toRule) },
    limits: {
      maxSimulations: limits.max_simulations,
      maxFinalSimulations: limits.max_final_simulations,
      maxEventBytes: limits.max_event_bytes,
      maxBatchEvents: limits.max_batch_events,
      maxBatchBytes: limits.max_batch_bytes,
      maxInFlightBatches: limits.max_in_flight_batches,
      maxStreamsPerConnection: limits.max_streams_per_connection,
      commandTimeoutMs: limits.command_timeout,
      heartbeatIntervalMs: limits.heartbeat_interval,
      maxRunConfigBytes: limits.max_run_config_bytes,
      maxLabels: limits.max_labels,
      outputLines: limits.output_lines,
      outputLineBytes: limits.output_line_bytes,
    },
    retention: {
      events: { maxAgeMs: retention.events.max_age, maxBytes: retention.events.max_bytes },
      simulations: { maxAgeMs: retention.simulations.max_age },
    },
    auth: parsed.auth,
    logging: parsed.logging,
  };
}

function toWorkerType(type: ParsedConfig['worker_types'][number], baseDirectory: string): WorkerTypeConfig {
  return {
    name: type.name,
    plugin: isPluginPath(type.plugin) ? resolve(baseDirectory, type.plugin) : type.plugin,
    options: structuredClone(type.options),
    limits: { maxWorkers: type.limits.max_workers, registerTimeoutMs: type.limits.register_timeout },
    stop: { graceMs: type.stop.grace, signal: type.stop.signal },
    commandTransport: type.command_transport,
  };
}

function toRule({ key, worker_type, subject, log }: ParsedConfig['routing']['rules'][number]): RoutingRule {
  return {
    key,
    ...(worker_type === undefined ? {} : { workerType: worker_type }),
    ...(subject === undefined ? {} : { subject }),
    ...(log === undefined ? {} : { log }),
  };
}
