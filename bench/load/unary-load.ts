import { LoadClock, type LoadOutcome, type LoadTarget } from './load-outcome.ts';

export interface UnaryLoadOptions {
  readonly seconds: number;
  /** Calls under way at once. */
  readonly concurrency: number;
}

/** One event a call. */
export async function runUnaryLoad(
  target: LoadTarget,
  next: () => Buffer,
  options: UnaryLoadOptions,
): Promise<LoadOutcome> {
  const clock = new LoadClock();
  let sent = 0;
  let acknowledged = 0;
  let rejected = 0;
  const caller = async (): Promise<void> => {
    while (!clock.hasRunFor(options.seconds)) {
      sent += 1;
      if (await isTaken(target, next())) acknowledged += 1;
      else rejected += 1;
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, caller));
  return clock.outcome({ sent, acknowledged, rejected });
}

function isTaken({ client, path, metadata }: LoadTarget, event: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asItIs, asItIs, event, metadata, {}, (error) => resolve(error === null));
  });
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
