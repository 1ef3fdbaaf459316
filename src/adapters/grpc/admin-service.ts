import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Authorizer } from '../../ports/authorizer.ts';
import { type FailureListener, unary } from './calls.ts';
import type { GetInfoResponse } from './generated/fes/orchestration/v1/GetInfoResponse.ts';
import { notBuiltUnary } from './not-built.ts';
import { timestamp } from './well-known-types.ts';

/** What GetInfo tells of this daemon. */
export interface DaemonInfo {
  readonly version: string;
  readonly orchestratorId: string;
  readonly messagingAdapter: string;
  readonly durability: string;
  readonly startedAtMs: number;
  /** Empty without NATS. */
  readonly natsServerVersion: string;
}

/** Version of the contract that `docs/contract.md` describes. */
const CONTRACT_VERSION = '1';

/** OrchestratorAdminService, on the client address. */
export function adminService(parts: {
  readonly info: () => DaemonInfo;
  readonly authorizer: Authorizer;
  readonly onFailure: FailureListener;
}): UntypedServiceImplementation {
  return {
    getInfo: unary<unknown, GetInfoResponse>(
      (_request, context) => {
        parts.authorizer.demand(context, 'read');
        const { startedAtMs, ...info } = parts.info();
        return { ...info, draining: false, startedAt: timestamp(startedAtMs), contractVersion: CONTRACT_VERSION };
      },
      (thrown) => parts.onFailure('GetInfo', thrown),
    ),
    reloadConfig: notBuiltUnary('ReloadConfig'),
    drain: notBuiltUnary('Drain'),
    undrain: notBuiltUnary('Undrain'),
  };
}
