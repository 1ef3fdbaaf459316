import { invalidArgument } from '../../domain/shoal-error.ts';
import type { DurationOutput } from './generated/google/protobuf/Duration.ts';
import type { Timestamp, TimestampOutput } from './generated/google/protobuf/Timestamp.ts';

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

/** The years that protobuf allows: 1 to 9999. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** In whole ms since the Unix epoch, rounded down. @throws ShoalError INVALID_ARGUMENT when it is no time */
export function timestampMs({ seconds, nanos }: TimestampOutput, field: string): number {
  const whole = Number(seconds);
  if (whole < FIRST_SECOND || whole > LAST_SECOND || nanos < 0 || nanos > 999_999_999)
    throw invalidArgument(field, 'must be a time of the years 1 to 9999, with 0 to 999,999,999 nanos');
  return whole * 1000 + Math.floor(nanos / 1_000_000);
}
