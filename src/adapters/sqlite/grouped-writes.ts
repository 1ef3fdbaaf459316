import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from './store.ts';

/** Done in one transaction at most, so that the event loop turns in between. */
const GROUP_WRITES = 128;

interface PendingWrite<Statements> {
  readonly work: (statements: Statements) => void;
  readonly done: PromiseWithResolvers<void>;
}

/** Stores what is written within one turn of the event loop in one transaction: hundreds of commands at once wait for the disk once. */
export class GroupedWrites<Statements> {
  readonly #store: Store<Statements>;
  readonly #pending: PendingWrite<Statements>[] = [];
  #flushing: Promise<void> | undefined;

  constructor(store: Store<Statements>) {
    this.#store = store;
  }

  /** In the order of the calls. @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE: nothing is stored, nor of what came with it */
  write(work: (statements: Statements) => void): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#pending.push({ work, done });
    this.#flushing ??= this.#flush();
    return done.promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      await nextTurn();
      this.#flushGroup(this.#pending.splice(0, GROUP_WRITES));
    }
    this.#flushing = undefined;
  }

  #flushGroup(group: readonly PendingWrite<Statements>[]): void {
    try {
      this.#store.write((statements) => {
        for (const { work } of group) work(statements);
      });
      for (const { done } of group) done.resolve();
    } catch (thrown) {
      for (const { done } of group) done.reject(thrown);
    }
  }
}
