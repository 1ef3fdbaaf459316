import { type GrpcWire, untilStatus } from './grpc-wire.ts';
import { LoadClock, type LoadOutcome } from './load-outcome.ts';

export interface UnaryLoadOptions {
  readonly seconds: number;
  /** Calls under way at once. */
  readonly concurrency: number;
}

/** One event a call. */
export async function runUnaryLoad(
  wire: GrpcWire,
  next: () => Buffer,
  { seconds, concurrency }: UnaryLoadOptions,
): Promise<LoadOutcome> {
  const clock = new LoadClock();
  let sent = 0;
  let acknowledged = 0;
  const caller = async (): Promise<void> => {
    while (!clock.hasRunFor(seconds)) {
      const call = wire.open();
      call.resume();
      call.end(next());
      sent += 1;
      if ((await untilStatus(call)) === 0) acknowledged += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return clock.outcome({ sent, acknowledged, rejected: sent - acknowledged });
}
