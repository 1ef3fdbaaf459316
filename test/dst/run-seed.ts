import { Course } from './harness/course.ts';
import { Scheduler } from './harness/scheduler.ts';
import { World } from './harness/world.ts';
import { planWorld } from './harness/world-plan.ts';

export interface SeedResult {
  readonly seed: number;
  readonly steps: number;
  /** Equal when the same happened. */
  readonly digest: number;
  /** Present only when they were asked for. */
  readonly lines: readonly string[];
  /** What did not hold. */
  readonly thrown?: unknown;
}

/** One course of events, from an empty disk to a daemon that has stopped; ends at the first thing that must not be. */
export async function runSeed(
  seed: number,
  { keepsTrace = false, prepare = (_world: World) => {} } = {},
): Promise<SeedResult> {
  const scheduler = new Scheduler(seed, keepsTrace);
  const world = new World(planWorld(seed), scheduler);
  prepare(world);
  const rejected = (thrown: unknown): void => void world.failures.push(thrown);
  process.on('unhandledRejection', rejected);
  const result = () => ({ seed, steps: scheduler.steps, digest: scheduler.trace.digest, lines: scheduler.trace.lines });
  try {
    await new Course(world).run();
    return result();
  } catch (thrown) {
    return { ...result(), thrown };
  } finally {
    process.off('unhandledRejection', rejected);
  }
}
