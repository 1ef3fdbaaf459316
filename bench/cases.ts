import type { GrowthRun, MeasuredLatencies, RateRun } from './figures.ts';
import type { Stage } from './stage.ts';

/** Something that the bench measures. */
export type Case = RateCase | LatencyCase | GrowthCase;

interface CaseFacts {
  /** `group/…`; `--only` matches it. */
  readonly name: string;
  /** Names of the cases that bound it, which run in the same rounds. */
  readonly ceilings: readonly string[];
  /** It needs the worker in Rust. */
  readonly usesRust?: true;
}

export interface RateCase extends CaseFacts {
  readonly kind: 'rate';
  readonly run: (stage: Stage, seconds: number) => Promise<RateRun>;
}

/** Runs once: a distribution needs many samples and no best of several. */
export interface LatencyCase extends CaseFacts {
  readonly kind: 'latency';
  readonly run: (stage: Stage) => Promise<Readonly<Record<string, MeasuredLatencies>>>;
}

/** Runs once: it takes long, and its figures are means over some seconds. */
export interface GrowthCase extends CaseFacts {
  readonly kind: 'growth';
  readonly run: (stage: Stage) => Promise<GrowthRun>;
}

/** The chosen ones, and what bounds them, in their order. */
export function choose(cases: readonly Case[], only: RegExp | undefined): readonly Case[] {
  if (only === undefined) return cases;
  const chosen = cases.filter(({ name }) => only.test(name));
  const needed = new Set(chosen.flatMap(({ name, ceilings }) => [name, ...ceilings]));
  return cases.filter(({ name }) => needed.has(name));
}
