import type { Duration } from '../adapters/grpc/generated/google/protobuf/Duration.ts';

export function durationMessage(ms: number): Duration {
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}
