import type { SimulationState } from '../simulation/simulation-state.ts';

/** What a worker answered to a command: the `CommandAck` message. */
export interface CommandOutcome {
  readonly ok: boolean;
  readonly message: string;
  readonly tick: bigint;
  /** Where the worker says it is; absent when it does not say. */
  readonly state?: SimulationState;
  /** google.rpc.Code; not 0 when refused. */
  readonly code: number;
  readonly result: Uint8Array;
  readonly resultContentType: string;
  /** Of a snapshot: where it is, as the worker names it; empty for other commands. */
  readonly snapshotRef: string;
}
