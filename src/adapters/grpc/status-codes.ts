import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '../../domain/error-code.ts';

/** How each reason is told in gRPC; `docs/errors.md` has the same table, and a test compares the two. */
export const GRPC_STATUS: Readonly<Record<ErrorCode, status>> = {
  CONFIG_INVALID: status.INVALID_ARGUMENT,
  INVALID_ARGUMENT: status.INVALID_ARGUMENT,
  SIMULATION_NOT_FOUND: status.NOT_FOUND,
  WORKER_TYPE_UNKNOWN: status.NOT_FOUND,
  SIMULATION_EXISTS: status.ALREADY_EXISTS,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  COMMAND_FORBIDDEN: status.PERMISSION_DENIED,
  CAPACITY_EXHAUSTED: status.RESOURCE_EXHAUSTED,
  ILLEGAL_TRANSITION: status.FAILED_PRECONDITION,
  NOT_REGISTERED: status.FAILED_PRECONDITION,
  REVISION_CONFLICT: status.ABORTED,
  WORKER_UNREACHABLE: status.UNAVAILABLE,
  BUS_UNAVAILABLE: status.UNAVAILABLE,
  SHUTTING_DOWN: status.UNAVAILABLE,
  TIMED_OUT: status.DEADLINE_EXCEEDED,
  CANCELLED: status.CANCELLED,
  CAPABILITY_UNSUPPORTED: status.UNIMPLEMENTED,
  INVARIANT_BROKEN: status.INTERNAL,
};
