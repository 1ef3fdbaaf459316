import { setTimeout as delay } from 'node:timers/promises';

/** Longest pause between two: so that they do not fall into step with what comes every few milliseconds. */
const MAX_PAUSE_MS = 4;

export interface SampleOptions {
  /** The first, which pay for what is lazy, do not count. Default 50. */
  readonly warmUp?: number;
  /** Fewer samples than asked for when the machine is too busy for them. Default 15. */
  readonly maxSeconds?: number;
}

/** Does it one at a time, and measures each in milliseconds. */
export async function sampleMs(
  count: number,
  once: () => Promise<unknown>,
  { warmUp = 50, maxSeconds = 15 }: SampleOptions = {},
): Promise<number[]> {
  const samples: number[] = [];
  const deadline = performance.now() + maxSeconds * 1_000;
  for (let done = -warmUp; done < count && performance.now() < deadline; done += 1) {
    await delay(Math.random() * MAX_PAUSE_MS);
    const startedMs = performance.now();
    await once();
    if (done >= 0) samples.push(performance.now() - startedMs);
  }
  return samples;
}
