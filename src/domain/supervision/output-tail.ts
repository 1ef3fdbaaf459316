import type { OutputLine } from '../../ports/worker-launcher.ts';

/** The last lines that a worker wrote, bounded, and whoever follows them. */
export class OutputTail {
  readonly #maxLines: number;
  readonly #lines: OutputLine[] = [];
  readonly #followers = new Set<(line: OutputLine) => void>();

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  add(line: OutputLine): void {
    if (this.#lines.length >= this.#maxLines) this.#lines.shift();
    this.#lines.push(line);
    for (const follow of this.#followers) follow(line);
  }

  last(count: number): readonly OutputLine[] {
    return count <= 0 ? [] : this.#lines.slice(-count);
  }

  /** @returns a function that ends it */
  follow(listener: (line: OutputLine) => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }
}
