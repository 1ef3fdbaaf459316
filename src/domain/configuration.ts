import type { Durability } from '../ports/event-log.ts';

/** A checked configuration: durations in ms, sizes in bytes, paths absolute. Its source and its YAML spelling are `docs/configuration.md`. */
export interface ShoalConfig {
  /** Folder of the configuration file; relative paths in the options of plugins start here. */
  readonly baseDirectory: string;
  readonly dataDir: string;
  readonly grpc: { readonly worker: Listener; readonly client: Listener };
  readonly http: Listener;
  readonly messaging: MessagingConfig;
  readonly workerTypes: readonly WorkerTypeConfig[];
  readonly routing: { readonly rules: readonly RoutingRule[] };
  readonly limits: LimitsConfig;
  readonly retention: RetentionConfig;
  readonly auth: { readonly workers: 'token' | 'off' };
  readonly logging: { readonly level: LogLevel; readonly format: 'auto' | 'json' | 'pretty' };
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface Listener {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  /** Plain text beyond loopback has to be asked for. */
  readonly insecure: boolean;
}

export interface MessagingConfig {
  readonly adapter: 'memory' | 'nats';
  /** The least that the log and the registry have to survive. */
  readonly durability: Durability;
  readonly nats: NatsConfig;
}

export interface NatsConfig {
  readonly urls: readonly string[];
  /** Start a nats-server as a child, at the one URL. */
  readonly managed: boolean;
  /** Monitoring address of the server, such as `http://127.0.0.1:8222`. */
  readonly monitor?: string;
  /** How long `start` keeps trying to connect. */
  readonly connectTimeoutMs: number;
  readonly stream: NatsStreamConfig;
}

export interface NatsStreamConfig {
  readonly name: string;
  /** Template of the subject of a logged event; placeholders `{simulation_id}` and `{event_type_key}`. */
  readonly subject: string;
  readonly storage: 'file' | 'memory';
  readonly replicas: number;
  /** 0: as the server likes. */
  readonly maxBytes: number;
  /** 0: for ever. */
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  /** Appends in flight before the log pushes back. */
  readonly maxInFlight: number;
  /** An append that was not acknowledged by then is sent again with the same message id. */
  readonly ackTimeoutMs: number;
}

export interface WorkerTypeConfig {
  readonly name: string;
  /** A built-in name, an absolute path, or an npm package. */
  readonly plugin: string;
  /** The plugin's own; checked by the plugin's own schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly limits: { readonly maxWorkers: number; readonly registerTimeoutMs: number };
  readonly stop: { readonly graceMs: number; readonly signal: StopSignal };
  /** `auto`: nats where the messaging adapter is nats, else grpc. */
  readonly commandTransport: 'auto' | 'nats' | 'grpc';
}

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2';

export interface RoutingRule {
  /** Event key, with NATS wildcards. */
  readonly key: string;
  /** Only events of this worker type. */
  readonly workerType?: string;
  readonly subject?: string;
  readonly log?: boolean;
}

/** What is kept in the data folder; 0 means without a bound. */
export interface RetentionConfig {
  readonly events: { readonly maxAgeMs: number; readonly maxBytes: number };
  readonly simulations: { readonly maxAgeMs: number };
}

export interface LimitsConfig {
  readonly maxSimulations: number;
  readonly maxEventBytes: number;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly maxInFlightBatches: number;
  readonly maxStreamsPerConnection: number;
  readonly commandTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxRunConfigBytes: number;
  readonly maxLabels: number;
  readonly outputLines: number;
  readonly outputLineBytes: number;
  /** Final simulations kept in the registry before the oldest are forgotten. */
  readonly maxFinalSimulations: number;
}
