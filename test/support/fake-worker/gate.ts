/** Held while a run is paused. */
export class Gate {
  #held = false;
  #waiting: (() => void)[] = [];

  hold(): void {
    this.#held = true;
  }

  open(): void {
    this.#held = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves at once while it is open. */
  pass(): Promise<void> {
    return this.#held ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }
}
