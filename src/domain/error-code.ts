/**
 * Every reason for which Shoal refuses or fails an operation. The table is closed: clients switch on these names
 * (they travel as `google.rpc.ErrorInfo.reason`), so one is added only together with its row in `docs/errors.md`.
 */
export const ERROR_CODES = [
  'CONFIG_INVALID',
  'INVALID_ARGUMENT',
  'SIMULATION_NOT_FOUND',
  'WORKER_TYPE_UNKNOWN',
  'SIMULATION_EXISTS',
  'UNAUTHENTICATED',
  'COMMAND_FORBIDDEN',
  'CAPACITY_EXHAUSTED',
  'ILLEGAL_TRANSITION',
  'NOT_REGISTERED',
  'REVISION_CONFLICT',
  'WORKER_UNREACHABLE',
  'BUS_UNAVAILABLE',
  'DATA_DIR_UNUSABLE',
  'SHUTTING_DOWN',
  'TIMED_OUT',
  'CANCELLED',
  'CAPABILITY_UNSUPPORTED',
  'INVARIANT_BROKEN',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
