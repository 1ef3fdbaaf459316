/** What the caller is told: a gRPC status, an exit code or the state of a run; a stable reason; what was wrong. */
export interface Told {
  readonly status: string;
  readonly reason: string;
  /** The field, option or thing that is named. */
  readonly named: string;
}

/** What was told, with only as much of the text as was expected to name the thing. */
export function naming(told: Told, expected: Told): Told {
  return told.named.includes(expected.named) ? { ...told, named: expected.named } : told;
}
