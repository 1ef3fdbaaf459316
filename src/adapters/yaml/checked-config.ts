import { resolve } from 'node:path';
import type { RestartConfig, RoutingRule, ShoalConfig, WorkerTypeConfig } from '../../domain/configuration.ts';
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
  const { urls, managed, monitor, on_unavailable, connect_timeout, ping_interval, stream } = messaging.nats;
  return {
    baseDirectory,
    dataDir: resolve(baseDirectory, parsed.data_dir ?? defaultDataDir),
    ...(parsed.orchestrator_id === undefined ? {} : { orchestratorId: parsed.orchestrator_id }),
    grpc: {
      worker: parsed.grpc.worker,
      client: parsed.grpc.client,
      connections: {
        max: parsed.grpc.connections.max,
        idleMs: parsed.grpc.connections.idle,
        pingEveryMs: parsed.grpc.connections.ping_interval,
        pingTimeoutMs: parsed.grpc.connections.ping_timeout,
      },
    },
    http: parsed.http,
    messaging: {
      adapter: messaging.adapter,
      durability: messaging.durability,
      nats: {
        urls,
        managed,
        ...(monitor === undefined ? {} : { monitor }),
        onUnavailable: on_unavailable,
        connectTimeoutMs: connect_timeout,
        pingIntervalMs: ping_interval,
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
    registry: { ...parsed.registry, store: registryStoreOf(parsed) },
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
      maxSubscriptions: limits.max_subscriptions,
      maxStarting: limits.max_starting,
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
    shutdown: { drainMs: parsed.shutdown.drain, timeoutMs: parsed.shutdown.timeout },
    auth: parsed.auth,
    logging: parsed.logging,
  };
}

/** What is kept nowhere else is not kept at the server either. */
function registryStoreOf({ registry, messaging }: ParsedConfig): 'local' | 'jetstream' {
  if (registry.store !== 'auto') return registry.store;
  return messaging.adapter === 'nats' && messaging.durability !== 'memory' ? 'jetstream' : 'local';
}

function toWorkerType(type: ParsedConfig['worker_types'][number], baseDirectory: string): WorkerTypeConfig {
  return {
    name: type.name,
    plugin: isPluginPath(type.plugin) ? resolve(baseDirectory, type.plugin) : type.plugin,
    options: structuredClone(type.options),
    limits: {
      maxWorkers: type.limits.max_workers,
      registerTimeoutMs: type.limits.register_timeout,
      stallTimeoutMs: type.limits.stall_timeout,
    },
    restart: toRestart(type.restart),
    orphans: type.orphans,
    orphanTimeoutMs: type.orphan_timeout,
    stop: { graceMs: type.stop.grace, signal: type.stop.signal },
    commandTransport: type.command_transport,
  };
}

function toRestart(restart: ParsedConfig['worker_types'][number]['restart']): RestartConfig {
  const { backoff, breaker } = restart;
  return {
    policy: restart.policy,
    maxRestarts: restart.max_restarts,
    windowMs: restart.window,
    backoff: { initialMs: backoff.initial, maxMs: backoff.max, factor: backoff.factor, jitter: backoff.jitter },
    minUptimeMs: restart.min_uptime,
    resetAfterMs: restart.reset_after,
    startFrom: restart.start_from,
    breaker: { failures: breaker.failures, coolDownMs: breaker.cool_down },
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
