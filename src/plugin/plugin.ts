/**
 * The public plugin API of Shoal: everything that a worker-type plugin needs, and all that the built-in ones use.
 *
 * A plugin is a module whose default export (or export named `plugin`) is a {@link WorkerTypePlugin}. It teaches Shoal one
 * way of running simulations; the configuration names it under `worker_types[].plugin`, as a built-in name, a path or an
 * npm package. Shoal loads it once, checks `options` with {@link WorkerTypePlugin.optionsSchema}, calls `describe` once per
 * worker type and `launch` once per worker.
 *
 * A hook that throws, or takes longer than its limit (5 s unless the daemon is told otherwise), fails its own worker type or
 * launch, never the daemon. A plugin runs inside the daemon's process, though: one that calls `process.exit` or loops without
 * awaiting cannot be contained. Do slow or risky work in the worker.
 *
 * Whether a plugin does as is said here, `shoal/plugin-testkit` can tell.
 */

/** Rises when a plugin written for the older number could break. New optional members do not raise it. */
export const PLUGIN_API_VERSION = 1;

/** What a plugin module exports. */
export interface WorkerTypePlugin<Options extends object = Record<string, unknown>> {
  /** Always {@link PLUGIN_API_VERSION} as it was when the plugin was written. */
  readonly apiVersion: number;
  /** 1 to 128 printable characters. */
  readonly name: string;
  /** The plugin's own version, for the log. */
  readonly version?: string;
  readonly description: string;
  /**
   * JSON Schema (draft-07, 2019-09 or 2020-12) of `worker_types[].options`. Defaults in it are filled in before `describe`;
   * `format` is not checked. Say `additionalProperties: false`, and a misspelt key is refused with "did you mean".
   */
  readonly optionsSchema: JsonSchema;
  /**
   * Describes one worker type. Called once, when the daemon starts or its configuration is reloaded.
   *
   * @param options what the configuration says, already checked by `optionsSchema`; keep them if you like, and leave them as they are
   * @throws anything, with a message that says what to do: the type is then unavailable for that reason
   */
  describe(options: Options, context: DescribeContext): WorkerTypeDescriptor | Promise<WorkerTypeDescriptor>;
}

/** Plain data, as `JSON.parse` would give it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export interface DescribeContext {
  /** The name of the worker type in the configuration. */
  readonly workerType: string;
  /** Absolute path of the configuration file's folder. Relative paths in options mean: relative to it. */
  readonly baseDirectory: string;
  readonly log: PluginLog;
  /** Aborted when the hook's time is up. */
  readonly signal: AbortSignal;
}

/** Structured: the data in `fields`, a constant lower-case `message`. */
export type PluginLog = Readonly<
  Record<'debug' | 'info' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>
>;

/** A worker type: plain data, and a hook at the end. Members that Shoal does not know are refused. */
export interface WorkerTypeDescriptor {
  readonly description: string;
  /** The event keys that workers emit. Others are accepted too, and take the built-in subjects. */
  readonly events: readonly EventDescription[];
  /** The commands that workers understand; `stop` is always among them, for Shoal can end any process. */
  readonly commands: readonly CommandName[];
  /** False: workers cannot acknowledge, so a command is complete once it is delivered. */
  readonly acknowledges: boolean;
  /** False: a program that knows nothing of Shoal; RUNNING at launch, and only `stop` is possible. */
  readonly registers: boolean;
  /** Variables of the daemon's own environment that workers get, beside PATH, HOME, LANG, TZ and TMPDIR. */
  readonly passEnv?: readonly string[];
  /** JSON Schema of a run's configuration; absent: anything goes. */
  readonly configSchema?: JsonSchema;
  /** How to read the payloads, by event key. Shoal passes it on and never parses a payload. */
  readonly payloadSchemas?: Readonly<Record<string, PayloadSchema>>;
  /** For features that not every worker type has, by the feature's name, e.g. `viewer`. Plain data. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /**
   * Says how to start one worker. Called once per launch, also for a restart; launches may overlap. The answer depends on the
   * context alone, so that a run can be repeated.
   *
   * @throws anything: the launch fails with the message
   */
  launch(context: LaunchContext): LaunchSpec | Promise<LaunchSpec>;
}

export interface EventDescription {
  /** e.g. `sim.world_state.v1`. */
  readonly key: string;
  /**
   * Template of the NATS subject, beginning with `events.`; a placeholder is a whole token, `{simulation_id}` or the name of an
   * attribute that each event of this key carries. Absent: the built-in subject of the key.
   */
  readonly subject?: string;
  /** Whether events of this key go to the log. Default true. */
  readonly log?: boolean;
  readonly description?: string;
}

export interface PayloadSchema {
  /** As in the envelope, e.g. `application/protobuf; message=fes.simulation.agent.AgentObservation`. */
  readonly contentType: string;
  /** The schema's text: a .proto or .fbs file, or JSON Schema. */
  readonly text?: string;
}

/** The names that `supported_commands` and the API use. */
export type CommandName =
  | 'pause'
  | 'resume'
  | 'step'
  | 'reset'
  | 'stop'
  | 'agent_action'
  | 'inject_agent'
  | 'custom'
  | 'set_speed'
  | 'snapshot';

/** What is known of one launch. Every worker also gets all of it in its environment, as `SHOAL_*`. */
export interface LaunchContext {
  readonly workerId: string;
  /** Empty for a warm worker, which is launched before it has a run. */
  readonly simulationId: string;
  /** 1 for a run's first worker, one more for each restart. */
  readonly incarnation: number;
  /** The worker's bearer token. Refused in arguments: those are visible to every user of the machine. */
  readonly token: string;
  /** `host:port` of the worker service. */
  readonly grpcAddress: string;
  /** Present: the worker service speaks TLS, and this file holds its authority. */
  readonly grpcCaFile?: string;
  readonly commandTransport: 'nats' | 'grpc';
  /** Empty unless commands come over NATS. */
  readonly natsUrls: readonly string[];
  /** Present when commands come over NATS. */
  readonly commandSubject?: string;
  /** The run's configuration, in a file that only the worker's user can read. */
  readonly configFile: string;
  readonly configContentType: string;
  readonly seed?: bigint;
  readonly snapshotDir: string;
  /** The snapshot to start from. */
  readonly restoreFile?: string;
  readonly orphanTimeoutMs: number;
  /** W3C trace context of the call that started the run. */
  readonly traceparent?: string;
  /** For {@link expandPlaceholders}; a placeholder without a value in this launch is left out. */
  readonly placeholders: Placeholders;
  /** Aborted when the hook's time is up. */
  readonly signal: AbortSignal;
}

/** How to start one worker process. */
export interface LaunchSpec {
  /** A name is looked up on the worker's PATH; a relative path (with a slash) starts at the configuration's folder. */
  readonly executable: string;
  readonly args?: readonly string[];
  /** Added to what every worker gets. Names that begin with `SHOAL_` are Shoal's own and refused. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the configuration's folder, where a relative one starts too. */
  readonly cwd?: string;
}

export const PLACEHOLDER_NAMES = [
  'worker_id',
  'simulation_id',
  'grpc_address',
  'command_subject',
  'nats_url',
  'config_file',
  'seed',
] as const;

export type PlaceholderName = (typeof PLACEHOLDER_NAMES)[number];
export type Placeholders = Readonly<Partial<Record<PlaceholderName, string>>>;

/**
 * Replaces each `{name}` in `text` by its value, once: braces inside a value mean nothing. `{{name}}` stands for a literal `{name}`;
 * every other brace (JSON, say) is left alone.
 *
 * @throws Error for a name that is unknown, listing the known ones, or that has no value in this launch
 */
export function expandPlaceholders(text: string, placeholders: Placeholders): string {
  return text.replace(PLACEHOLDER, (_, literal: string | undefined, name: string) => {
    if (literal !== undefined) return `{${literal}}`;
    const known = PLACEHOLDER_NAMES.find((each) => each === name);
    const value = known && placeholders[known];
    if (value !== undefined) return value;
    if (known !== undefined) throw new Error(`{${name}} has no value in this launch${WHY_ABSENT[known] ?? ''}`);
    const names = PLACEHOLDER_NAMES.map((each) => `{${each}}`).join(', ');
    throw new Error(`unknown placeholder {${name}}; known are ${names}; for the literal text write {{${name}}}`);
  });
}

/** Lets `describe` refuse a misspelt text at once, instead of every launch. @throws Error that lists the known placeholders */
export function checkPlaceholders(text: string): void {
  expandPlaceholders(text, Object.fromEntries(PLACEHOLDER_NAMES.map((name) => [name, ''])));
}

/** Returns the plugin as it is; gives `describe` the type of its options. */
export function definePlugin<Options extends object>(plugin: WorkerTypePlugin<Options>): WorkerTypePlugin<Options> {
  return plugin;
}

const PLACEHOLDER = /\{\{([a-z][a-z0-9_]*)\}\}|\{([a-z][a-z0-9_]*)\}/g;

const WHY_ABSENT: Placeholders = {
  seed: ': the run was started without a seed; give it one, or read SHOAL_SEED in the worker',
  nats_url: ': commands come over gRPC, not NATS',
  command_subject: ': commands come over gRPC, not NATS',
};
