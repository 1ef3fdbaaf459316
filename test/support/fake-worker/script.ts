/** Where in its life something happens: as it starts, once it has registered, or when it has reported so many events. */
export type Moment = 'launch' | 'registered' | number;

/** Events of one key. Those of several recipes are reported in turn: a, b, a, b, b, b. */
export interface EventRecipe {
  readonly key: string;
  readonly count: number;
  /** The nth event, from 0, has the id `{prefix}-{n}`. */
  readonly prefix: string;
  /** Default 0. */
  readonly payload_bytes?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Writes worker, simulation and time itself; default: leaves them to Shoal. */
  readonly whole?: boolean;
}

/** The configuration of a run of the fake worker: README.md. Without any of it, a worker that does all that it is told. */
export interface FakeWorkerScript {
  readonly events?: readonly EventRecipe[];
  /** Default `batches`. */
  readonly report?: 'batches' | 'stream' | 'unary';
  /** Events in a batch; default 50. */
  readonly batch_size?: number;
  /** Default 0: as fast as it can. */
  readonly events_per_second?: number;
  /** When all is acknowledged: wait for the command to stop (the default), or exit with 0. */
  readonly at_end?: 'wait' | 'exit';
  /** Default `once`. */
  readonly register?: 'once' | 'twice' | 'never';
  /** Default true. */
  readonly listens?: boolean;
  /** Names for `supported_commands`; default: none, which means all of its type. */
  readonly supported_commands?: readonly string[];
  /** How it answers commands. Default `acknowledge`. */
  readonly answers?: 'acknowledge' | 'refuse' | 'ignore';
  /** Reports each command that it hears as an event `fake.heard.v1`: its correlation id and payload are the command's. */
  readonly echo?: boolean;
  readonly crash?: {
    readonly at: Moment;
    /** Default 1. */
    readonly code?: number;
    readonly signal?: NodeJS.Signals;
    readonly last_words?: string;
    /** Only in the first so many incarnations; default: in all. */
    readonly incarnations?: number;
  };
  /**
   * Does nothing any more: `idle` waits for ever, `loop` computes for ever, `spin` does so in another thread and goes on with its
   * heartbeats, `stopped` is SIGSTOP.
   */
  readonly hang?: {
    readonly at: Moment;
    readonly how: 'idle' | 'loop' | 'spin' | 'stopped';
    readonly incarnations?: number;
  };
  /** Writes at its start a line on stdout: `incarnation 2, seed 42, restored /path`. */
  readonly says_start?: boolean;
  /** Leaves a file half written, under its temporary name, when it is told to write a snapshot. */
  readonly half_snapshot?: boolean;
  /** What it says of itself instead of the truth, in its calls and in its events. */
  readonly lie?: { readonly simulation_id?: string; readonly worker_id?: string; readonly token?: string };
  /** Does not end when asked so. */
  readonly ignore?: readonly ('stop' | 'SIGTERM')[];
  /** Programs that it starts: `group` in its process group, `session` in one of their own. */
  readonly children?: readonly ('group' | 'session')[];
  readonly heartbeat_ms?: number;
  /** Written at its start, a line each. */
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
}
