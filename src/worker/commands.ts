import type { WorkerState } from './worker-state.ts';

/** A command to this worker, with what it carries; `name` tells which. Answer each one exactly once. */
export type WorkerCommand = CommandContent & CommandAnswers;

export type CommandContent =
  | { readonly name: 'pause' }
  | { readonly name: 'resume' }
  /** Run exactly this many ticks (at least 1), then be paused again; acknowledge after the last one. */
  | { readonly name: 'step'; readonly ticks: number }
  /** Back to tick 0, in the same state; without a seed or configuration, with the ones it has. */
  | { readonly name: 'reset'; readonly seed?: bigint; readonly config?: Readonly<Record<string, unknown>> }
  /** End by yourself with exit code 0, within the grace. */
  | { readonly name: 'stop'; readonly force: boolean; readonly graceMs?: number }
  | {
      readonly name: 'agent_action';
      readonly agentId: string;
      readonly action: Uint8Array;
      readonly contentType: string;
    }
  | { readonly name: 'inject_agent'; readonly payload: Uint8Array; readonly contentType: string }
  /** 0: as fast as it can. */
  | { readonly name: 'set_speed'; readonly ticksPerSecond: number }
  /** Write a snapshot to `SHOAL_SNAPSHOT_DIR`, renamed into place, and answer with its `snapshotRef`. */
  | { readonly name: 'snapshot'; readonly snapshotName: string }
  | { readonly name: 'custom'; readonly key: string; readonly payload: Uint8Array; readonly contentType: string };

export type CommandName = CommandContent['name'];

export interface CommandAnswers {
  /** The same when Shoal sends the command again. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** It is done. Where the worker says nothing else, `tick` and `state` are the worker's own as of now. */
  acknowledge(answer?: Acknowledgement): void;
  /** It is not done and nothing changed; `message` tells people why. */
  refuse(message: string, code?: RefusalCode): void;
}

export interface Acknowledgement {
  readonly message?: string;
  readonly tick?: number;
  readonly state?: WorkerState;
  /** What the command brought back, opaque to Shoal. */
  readonly result?: Uint8Array;
  readonly resultContentType?: string;
  readonly snapshotRef?: string;
}

/** Why a command is refused: names of google.rpc.Code. */
export const refusalCodes = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
} as const;

export type RefusalCode = keyof typeof refusalCodes;
