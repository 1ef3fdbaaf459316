import type { CommandName, WorkerCommand } from './commands.ts';
import type { WorkerEnvironment } from './environment.ts';
import type { RunConfig } from './run-config.ts';
import type { WorkerState } from './worker-state.ts';

export interface WorkerOptions {
  /** Shown to people, as `name/version`. */
  readonly sdk?: string;
  /** Commands not in the list are refused by the library; absent: all are given out. */
  readonly supportedCommands?: readonly CommandName[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: the process's own, checked. */
  readonly environment?: WorkerEnvironment;
  /** How long an event waits for company before its batch goes; default 5. */
  readonly lingerMs?: number;
  /** Events that may be unacknowledged before `emit` holds; default 16,384. */
  readonly maxBufferedEvents?: number;
  /** Bytes that may be unacknowledged before `emit` holds; default 32 MiB. */
  readonly maxBufferedBytes?: number;
  /** Figures sent along with each heartbeat. */
  gauges?(): Readonly<Record<string, number>>;
  /** An event that Shoal did not take; the rest goes on. Default: logged. */
  onRejected?(event: RejectedEvent): void;
  /** What happens to the connection, for people; default: a line on stderr. */
  log?(message: string): void;
}

export interface Worker {
  readonly environment: WorkerEnvironment;
  readonly config: RunConfig;
  /** The tick the worker stands at: set it; heartbeats and acknowledgements tell it. */
  tick: number;
  /** The state the worker is in: set it; heartbeats and acknowledgements tell it. */
  state: WorkerState;
  /** What Shoal wants it to be, as of registration and each heartbeat; PAUSED at the start means: hold at tick 0. */
  readonly desiredState: WorkerState;
  /** Aborted, with a WorkerLostError, when the worker can no longer work for Shoal and should exit. */
  readonly signal: AbortSignal;
  /**
   * Reports an event. Order is kept; it is kept and sent again until Shoal has acknowledged it. Resolves at once while
   * the buffer has room, else when it has again: await it.
   * @throws WorkerLostError; RangeError when Shoal would refuse it for its size; Error when emits are not awaited and
   *   the buffer is overrun
   */
  emit(event: EmittedEvent): Promise<EventReceipt>;
  /**
   * Each command once, in order of arrival, until close; one reader at a time.
   * @throws WorkerLostError when the worker is lost
   */
  commands(): AsyncIterableIterator<WorkerCommand>;
  /** Ends commands(), resolves when every event is acknowledged and all is closed. Idempotent. */
  close(options?: CloseOptions): Promise<void>;
}

export interface EmittedEvent {
  /** Such as `sim.world_state.v1`; selects the route. */
  readonly key: string;
  readonly payload: Uint8Array;
  /** A media type, such as `application/json`. */
  readonly contentType?: string;
  /** What routes may need, such as `agent_id` and `tick`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** When it happened, since the Unix epoch; default: now. */
  readonly timestampNs?: bigint;
  /** The command or request that it answers. */
  readonly correlationId?: string;
}

export interface EventReceipt {
  readonly eventId: string;
  /** From 1, rising by 1 with every event of this process, acknowledgements of commands included. */
  readonly ordinal: number;
}

export interface RejectedEvent {
  readonly eventId: string;
  /** google.rpc.Code */
  readonly code: number;
  readonly message: string;
}

export interface CloseOptions {
  /** How long to wait for the last acknowledgement; default: the orphan timeout. */
  readonly timeoutMs?: number;
}
