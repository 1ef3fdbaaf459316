import type { LoadMode } from '../load/load-plan.ts';

/** As long as the paths of Shoal's own methods. */
export function pathToMethod(mode: LoadMode): string {
  return `/shoal.bench.ceilings.v1.BareEchoOfRawBuffers/${mode}`;
}
