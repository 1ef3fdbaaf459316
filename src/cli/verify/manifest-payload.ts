type Interval = readonly [first: number, last: number];

/** What a check needs of a manifest. */
export interface Manifest {
  readonly events: Readonly<Record<string, number>>;
  readonly firstLogSequence: number;
  readonly lastLogSequence: number;
  readonly missing: readonly Interval[];
  /** Whether no event of the log is to have any of these running sequences. */
  explains(first: number, last: number): boolean;
}

/** The payload of the manifest event, `docs/contract.md`; undefined for what is none. */
export function readManifest(payload: Uint8Array): Manifest | undefined {
  try {
    const json = JSON.parse(Buffer.from(payload).toString());
    const unused = json.unused_simulation_sequences as readonly Interval[];
    const missing = json.missing_simulation_sequences as readonly Interval[];
    const gaps = [...unused, ...missing];
    return {
      events: json.events,
      firstLogSequence: json.first_log_sequence,
      lastLogSequence: json.last_log_sequence,
      missing,
      explains: (first, last) => covers(gaps, first, last),
    };
  } catch {
    return undefined;
  }
}

function covers(intervals: readonly Interval[], first: number, last: number): boolean {
  let next = first;
  for (const [from, to] of [...intervals].sort(([a], [b]) => a - b)) if (from <= next && to >= next) next = to + 1;
  return next > last;
}
