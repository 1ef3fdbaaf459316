import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Drain } from '../../domain/supervision/drain.ts';
import type { Authorizer } from '../../ports/authorizer.ts';
import { type FailureListener, unary } from './calls.ts';
import type { DrainRequestOutput } from './generated/fes/orchestration/v1/DrainRequest.ts';
import type { DrainResponse } from './generated/fes/orchestration/v1/DrainResponse.ts';
import type { GetInfoResponse } from './generated/fes/orchestration/v1/GetInfoResponse.ts';
import type { UndrainResponse } from './generated/fes/orchestration/v1/UndrainResponse.ts';
import { notBuiltUnary } from './not-built.ts';
import { durationMs, timestamp } from './well-known-types.ts';

/** What GetInfo tells of this daemon. */
export interface DaemonInfo {
  readonly version: string;
  readonly orchestratorId: string;
  readonly messagingAdapter: string;
  readonly durability: string;
  readonly startedAtMs: number;
  readonly draining: boolean;
  /** Empty without NATS. */
  readonly natsServerVersion: string;
}

/** Version of the contract that `docs/contract.md` describes. */
const CONTRACT_VERSION = '1';

export interface AdminServiceParts {
  readonly info: () => DaemonInfo;
  readonly drain: Drain;
  /** @throws ShoalError SHUTTING_DOWN when the daemon stops */
  readonly demandNotStopping: () => void;
  readonly authorizer: Authorizer;
  readonly onFailure: FailureListener;
}

/** OrchestratorAdminService, on the client address. */
export function adminService(parts: AdminServiceParts): UntypedServiceImplementation {
  const { info: infoOf, drain, demandNotStopping, authorizer, onFailure } = parts;
  return {
    getInfo: unary<unknown, GetInfoResponse>(
      (_request, context) => {
        authorizer.demand(context, 'read');
        const { startedAtMs, ...info } = infoOf();
        return { ...info, startedAt: timestamp(startedAtMs), contractVersion: CONTRACT_VERSION };
      },
      (thrown) => onFailure('GetInfo', thrown),
    ),
    reloadConfig: notBuiltUnary('ReloadConfig'),

    drain: unary<DrainRequestOutput, DrainResponse>(
      ({ deadline }, context) => {
        authorizer.demand(context, 'administer');
        drain.begin(deadline ? durationMs(deadline, 'deadline') : undefined);
        return { draining: true, remaining: drain.remaining };
      },
      (thrown) => onFailure('Drain', thrown),
    ),

    undrain: unary<unknown, UndrainResponse>(
      (_request, context) => {
        authorizer.demand(context, 'administer');
        demandNotStopping();
        drain.cancel();
        return { draining: false };
      },
      (thrown) => onFailure('Undrain', thrown),
    ),
  };
}
