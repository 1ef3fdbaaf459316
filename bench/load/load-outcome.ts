/** What one sender saw. */
export interface LoadOutcome {
  readonly sent: number;
  readonly acknowledged: number;
  readonly rejected: number;
  /** From before the first event to the last acknowledgement. */
  readonly seconds: number;
  /** Of the sending process. */
  readonly cpuSeconds: number;
}

/** Measures one sender's time from its creation on. */
export class LoadClock {
  readonly #startedMs = performance.now();
  readonly #startedCpu = process.cpuUsage();

  hasRunFor(seconds: number): boolean {
    return performance.now() - this.#startedMs >= seconds * 1_000;
  }

  outcome(counts: Pick<LoadOutcome, 'sent' | 'acknowledged' | 'rejected'>): LoadOutcome {
    const { user, system } = process.cpuUsage(this.#startedCpu);
    return {
      ...counts,
      seconds: (performance.now() - this.#startedMs) / 1_000,
      cpuSeconds: (user + system) / 1_000_000,
    };
  }
}
