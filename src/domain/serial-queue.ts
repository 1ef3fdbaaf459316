import { ignore } from './ignore.ts';
/** Runs tasks of one key one after another, in the order in which they were given; tasks of different keys do not wait. */
export class SerialQueue<Key> {
  readonly #tails = new Map<Key, Promise<unknown>>();

  /** Whether a task of that key runs or waits. */
  isBusy(key: Key): boolean {
    return this.#tails.has(key);
  }

  /** Resolves or rejects as `task` does. A failed task does not stop those behind it. */
  run<T>(key: Key, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const tail = result.then(ignore, ignore).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return result;
  }
}
