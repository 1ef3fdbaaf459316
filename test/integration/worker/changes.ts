/** Something whose changes a test can wait for. */
export class Changes {
  #waiting: (() => void)[] = [];

  /** Resolves once the condition holds; looked at after every change. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  protected changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
