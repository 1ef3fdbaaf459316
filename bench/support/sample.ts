import { setTimeout as delay } from 'node:timers/promises';

/** Longest pause between two: so that they do not fall into step with what comes every few milliseconds. */
const MAX_PAUSE_MS = 4;
const WARM_UP = 50;

/** Does it one at a time, and measures each in milliseconds; the first few, which pay for what is lazy, do not count. */
export async function sampleMs(count: number, once: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let done = -WARM_UP; done < count; done += 1) {
    await delay(Math.random() * MAX_PAUSE_MS);
    const startedMs = performance.now();
    await once();
    if (done >= 0) samples.push(performance.now() - startedMs);
  }
  return samples;
}
