/** The environment is not that of a worker launched by Shoal; `problems` names every variable that is wrong. */
export class WorkerEnvironmentError extends Error {
  override readonly name = 'WorkerEnvironmentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The environment is not one that Shoal launches workers with:\n${problems.map((it) => `  ${it}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/**
 * The worker can no longer work for Shoal: it was refused, replaced by a newer one, or could not reach Shoal for the
 * orphan timeout. Nothing that it does counts any more; it should exit.
 */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}
