/** An invariant that does not hold: what a simulation looks for. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(condition: unknown, what: () => string): asserts condition {
  if (!condition) throw new Violation(what());
}
