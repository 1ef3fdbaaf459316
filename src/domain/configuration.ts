import type { Durability } from '../ports/event-log.ts';

/** A checked configuration: durations in ms, sizes in bytes, paths absolute. Its source and its YAML spelling are `docs/configuration.md`. */
export interface ShoalConfig {
  /** Folder of the configuration file; relative paths in the options of plugins start here. */
  readonly baseDirectory: string;
  readonly dataDir: string;
  /** In place of the one that is kept in the data folder. */
  readonly orchestratorId?: string;
  readonly grpc: { readonly worker: Listener; readonly client: Listener; readonly connections: ConnectionConfig };
  readonly http: Listener;
  readonly messaging: MessagingConfig;
  readonly registry: RegistryConfig;
  readonly workerTypes: readonly WorkerTypeConfig[];
  readonly routing: { readonly rules: readonly RoutingRule[] };
  readonly limits: LimitsConfig;
  readonly retention: RetentionConfig;
  readonly shutdown: ShutdownConfig;
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

/** The connections of each of the two gRPC addresses. */
export interface ConnectionConfig {
  /** At once. */
  readonly max: number;
  /** A connection without a call is closed after this time. */
  readonly idleMs: number;
  readonly pingEveryMs: number;
  /** A peer that has not answered a ping by then is let go. */
  readonly pingTimeoutMs: number;
}

export interface MessagingConfig {
  readonly adapter: 'memory' | 'nats';
  /** The least that the log and the registry have to survive. */
  readonly durability: Durability;
  readonly nats: NatsConfig;
}

/** Where simulations are remembered. */
export interface RegistryConfig {
  readonly store: 'local' | 'jetstream';
  /** The key-value bucket. */
  readonly bucket: string;
  /** Copies in a cluster. */
  readonly replicas: number;
}

export interface NatsConfig {
  readonly urls: readonly string[];
  /** Start a nats-server as a child, at the one URL. */
  readonly managed: boolean;
  /** Monitoring address of the server, such as `http://127.0.0.1:8222`. */
  readonly monitor?: string;
  /** What `start` does while no server can be used: keeps trying, or fails after `connectTimeoutMs`. Default `fail`. */
  readonly onUnavailable?: 'wait' | 'fail';
  /** How long `start` keeps trying to connect. */
  readonly connectTimeoutMs: number;
  /** Between two questions whether the server is there; the third that is due without an answer ends the connection. Default 2 s. */
  readonly pingIntervalMs?: number;
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
  readonly limits: {
    readonly maxWorkers: number;
    readonly registerTimeoutMs: number;
    /** How long the tick of a RUNNING simulation may stand; 0: as long as it likes. */
    readonly stallTimeoutMs: number;
  };
  readonly restart: RestartConfig;
  /** What a new daemon does with workers whose daemon ended without stopping them. */
  readonly orphans: 'end' | 'adopt';
  /** How long a worker that has lost its daemon keeps trying to reach it. Default 30 s. */
  readonly orphanTimeoutMs?: number;
  readonly stop: { readonly graceMs: number; readonly signal: StopSignal };
  /** `auto`: nats where the messaging adapter is nats, else grpc. */
  readonly commandTransport: 'auto' | 'nats' | 'grpc';
}

export type RestartPolicyName = 'never' | 'on-failure' | 'always';

/** What a restarted simulation begins with. */
export type StartFrom = 'same-seed' | 'new-seed' | 'snapshot';

/** When and how a simulation gets another worker after its worker has ended. */
export interface RestartConfig {
  readonly policy: RestartPolicyName;
  /** Within `windowMs`; one more, and the simulation is FAILED. */
  readonly maxRestarts: number;
  readonly windowMs: number;
  readonly backoff: BackoffConfig;
  /** A worker that ends sooner has failed to start. */
  readonly minUptimeMs: number;
  /** A worker that was up for so long is healthy: the restarts before it are forgotten. */
  readonly resetAfterMs: number;
  readonly startFrom: StartFrom;
  /** Of the whole worker type; `failures` 0: it never opens. */
  readonly breaker: { readonly failures: number; readonly coolDownMs: number };
}

export interface BackoffConfig {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** From 0 to 1: the part of the delay that is left to chance, to both sides. */
  readonly jitter: number;
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

/** What becomes of the simulations when the daemon is told to stop. */
export interface ShutdownConfig {
  /** They may end by themselves for so long; then they are stopped. */
  readonly drainMs: number;
  /** The whole stop, `drainMs` included. */
  readonly timeoutMs: number;
}

export interface LimitsConfig {
  readonly maxSimulations: number;
  readonly maxEventBytes: number;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly maxInFlightBatches: number;
  readonly maxStreamsPerConnection: number;
  /** Long calls of clients at once: SubscribeToEvents, WatchSimulations and ReadWorkerOutput. */
  readonly maxSubscriptions: number;
  /** Simulations at once that are PENDING or STARTING. */
  readonly maxStarting: number;
  readonly commandTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxRunConfigBytes: number;
  readonly maxLabels: number;
  readonly outputLines: number;
  readonly outputLineBytes: number;
  /** Final simulations kept in the registry before the oldest are forgotten. */
  readonly maxFinalSimulations: number;
}
