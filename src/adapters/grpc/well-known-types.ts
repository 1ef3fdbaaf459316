import { invalidArgument } from '../../domain/shoal-error.ts';
import type { DurationOutput } from './generated/google/protobuf/Duration.ts';
import type { Timestamp } from './generated/google/protobuf/Timestamp.ts';

/** @param ms since the Unix epoch */
export function timestamp(ms: number): Timestamp {
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

/** In ms. @throws ShoalError INVALID_ARGUMENT when it is negative */
export function durationMs({ seconds, nanos }: DurationOutput, field: string): number {
  const ms = Number(seconds) * 1000 + nanos / 1_000_000;
  if (ms < 0) throw invalidArgument(field, 'must not be negative');
  return ms;
}
