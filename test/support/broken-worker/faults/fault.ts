import type { Behaviour } from '../behaviour/behaviour.ts';

/** One way of being wrong, and of failing one check. */
export interface Fault {
  /** Completes "The worker …". */
  readonly it: string;
  readonly does: Partial<Behaviour>;
}

/** By the check that it fails; where there are several ways to fail it, `check/way`. */
export type Faults = Readonly<Record<string, Fault>>;
