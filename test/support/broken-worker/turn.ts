/** Something that several may wait for, again and again. */
export class Turn {
  #waiting: (() => void)[] = [];

  /** Resolves when it comes the next time, or after so long. */
  next(afterMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = afterMs === undefined ? undefined : setTimeout(resolve, afterMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  come(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
