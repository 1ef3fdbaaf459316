import type { ErrorCode } from '../error-code.ts';

export interface RejectedEvent {
  /** From 0, within what was accepted together. */
  readonly index: number;
  /** As reported; empty when the bytes could not be read. */
  readonly eventId: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** As a {@link ShoalError} has it: the field. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What was accepted together, over all flights in which it sets off. */
export interface Acceptance {
  readonly envelopes: readonly Uint8Array[];
  /** Index of the first envelope that has not been dealt with. */
  next: number;
  readonly rejected: RejectedEvent[];
  logged: number;
  lastSequence: number;
  readonly landings: Promise<void>[];
  /** Of the {@link OrderGuard}. */
  readonly ticket: number;
}
