import type { HeartbeatRequest } from '../../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';

/** When a heartbeat is due. */
export interface Beat {
  readonly isPaused: boolean;
  /** Heartbeats since the state is as it is. */
  readonly sentInThisState: number;
  /** Commands heard so far. */
  readonly commands: number;
}

export interface HeartbeatBehaviour {
  heartbeatIntervalMs(toldMs: number): number;
  /** What is sent; undefined: nothing this time. */
  heartbeat(request: HeartbeatRequest, beat: Beat): HeartbeatRequest | undefined;
}

export const rightHeartbeats: HeartbeatBehaviour = {
  heartbeatIntervalMs: (toldMs) => toldMs,
  heartbeat: (request) => request,
};
