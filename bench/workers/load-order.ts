import type { LoadPlan } from '../load/load-plan.ts';

/** The question of the command `bench.load`. */
export interface LoadOrder extends LoadPlan {
  /** A declared one, so that its route says whether it is logged. */
  readonly key: string;
}
