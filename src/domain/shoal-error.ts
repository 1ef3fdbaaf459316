import type { ErrorCode } from './error-code.ts';

export interface ShoalErrorDetails {
  /** Facts for programs, sent to the caller as `ErrorInfo.metadata`: the field, the id, the limit. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What was thrown below. For the log, never for the caller. */
  readonly cause?: unknown;
}

/** The one error that Shoal raises on purpose. Its message tells the caller what is wrong and what to do. */
export class ShoalError extends Error {
  override readonly name = 'ShoalError';
  readonly code: ErrorCode;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, details: ShoalErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.metadata = details.metadata ?? {};
  }
}

/** The caller's input is at fault; `field` is its path in the request, e.g. `labels.owner`. */
export function invalidArgument(field: string, message: string): ShoalError {
  return new ShoalError('INVALID_ARGUMENT', `${field}: ${message}`, { metadata: { field } });
}

/** Turns whatever was thrown into a {@link ShoalError}; what nobody foresaw becomes INVARIANT_BROKEN. */
export function toShoalError(thrown: unknown): ShoalError {
  if (thrown instanceof ShoalError) return thrown;
  return new ShoalError('INVARIANT_BROKEN', 'internal error; the daemon log has the details', { cause: thrown });
}

/** Programmer errors stop here: a condition that Shoal's own code guarantees does not hold. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new ShoalError('INVARIANT_BROKEN', `invariant broken: ${what}`);
}
