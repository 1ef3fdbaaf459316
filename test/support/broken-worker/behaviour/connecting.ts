import { status } from '@grpc/grpc-js';

/** A connection that ended, or did not come about. */
export interface Loss {
  readonly during: 'listening' | 'registering' | 'reporting' | 'heartbeats';
  /** Of gRPC. */
  readonly code: number;
  readonly details: string;
  /** It was registered at least once. */
  readonly wasRegistered: boolean;
  /** In a row, this one included; 0 when a connection ended that stood. */
  readonly failedAttempts: number;
  readonly unreachableMs: number;
  readonly orphanTimeoutMs: number;
}

export type AfterLoss = { readonly againAfterMs: number } | { readonly exitCode: number };

export interface ConnectingBehaviour {
  afterLoss(loss: Loss): AfterLoss;
  /** Opens ReceiveCommands on this connection. */
  listens(isFirst: boolean, failedAttempts: number): boolean;
}

/** It will be the same next time. */
const FINAL: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
]);

const LOST = 69;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 1_000;

export const rightConnecting: ConnectingBehaviour = {
  afterLoss({ during, code, failedAttempts, unreachableMs, orphanTimeoutMs }) {
    const isReplaced = during === 'listening' && code === status.ABORTED;
    if (FINAL.has(code) || isReplaced || unreachableMs >= orphanTimeoutMs) return { exitCode: LOST };
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failedAttempts, MAX_BACKOFF_MS);
    return { againAfterMs: Math.min(backoffMs, orphanTimeoutMs - unreachableMs) };
  },
  listens: () => true,
};
