import type { SimulationId } from '../ids.ts';

/** Counts what is under way for each simulation, for those who wait until nothing is. */
export class UnderWay {
  readonly #counts = new Map<SimulationId, number>();
  readonly #waiting = new Map<SimulationId, (() => void)[]>();

  begin(id: SimulationId): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
  }

  end(id: SimulationId): void {
    const left = (this.#counts.get(id) ?? 1) - 1;
    if (left > 0) {
      this.#counts.set(id, left);
      return;
    }
    this.#counts.delete(id);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const resolve of waiting ?? []) resolve();
  }

  /** Resolves when nothing is under way, at once when nothing is now. */
  async settled(id: SimulationId): Promise<void> {
    if (!this.#counts.has(id)) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(id) ?? [];
      waiting.push(resolve);
      this.#waiting.set(id, waiting);
    });
  }
}
