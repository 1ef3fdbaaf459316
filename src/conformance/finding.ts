/** What a check found wrong with a worker. Thrown by a check, it is the check's verdict. */
export class Finding extends Error {
  override readonly name = 'Finding';
  /** What the worker has to do, as a phrase: `the acknowledgement of a pause within 10 s`. */
  readonly expected: string;
  /** What it did instead, with times. */
  readonly seen: string;

  constructor({ expected, seen }: { readonly expected: string; readonly seen: string }) {
    super(`expected ${expected}; seen: ${seen}`);
    this.expected = expected;
    this.seen = seen;
  }
}

/** Thrown by a check that has nothing to judge: the worker leaves out what it may leave out. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** Thrown by a check whose preparation did not come about, for a reason that another check tells. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared';
}

/** Fails the check unless `holds`; `seen` is asked only then. */
export function expectThat(holds: boolean, expected: string, seen: () => string): asserts holds {
  if (!holds) throw new Finding({ expected, seen: seen() });
}
