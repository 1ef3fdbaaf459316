import { expectThat, Finding } from './finding.ts';
import type { Observations } from './observations.ts';
import { describeExit } from './worker-process.ts';

/** However much happens, conditions are looked at no more often. */
const LOOK_MS = 5;

/** Waits for what a worker does, and ends each wait as soon as it can be told. */
export class Waiting {
  readonly #record: Observations;
  /** Waits under way; each looks whether it is over. */
  readonly #looks = new Set<() => void>();
  #planned = false;

  constructor(record: Observations) {
    this.#record = record;
    record.onChange(() => this.#plan());
  }

  /**
   * Resolves with what `condition` answers, once that is neither undefined nor false.
   *
   * @param what as a phrase, for the report: `an event`
   * @throws Finding when the time is over, or the worker has ended before
   */
  async until<T>(what: string, condition: () => T | undefined | false, withinMs: number): Promise<T> {
    const value = await this.#wait(() => condition() || this.#hasEnded(), withinMs);
    const met = condition();
    if (met !== undefined && met !== false) return met;
    const expected = `${what} within ${seconds(withinMs)}`;
    const { exit } = this.#record;
    const ended = value === ENDED && exit !== undefined ? `the worker ended ${describeExit(exit)}. ` : '';
    throw new Finding({ expected, seen: `${ended}${this.#record.lately()}` });
  }

  /** As {@link until}, but time that runs out is no finding. @returns whether the condition was met */
  async whether(condition: () => boolean, withinMs: number): Promise<boolean> {
    await this.#wait(() => condition() || this.#hasEnded(), withinMs);
    return condition();
  }

  /** Lets the worker go on for so long, or until it ends. */
  async pass(ms: number): Promise<void> {
    await this.#wait(() => this.#hasEnded(), ms);
  }

  /** As {@link pass}, for a worker that is to live on. @throws Finding when it ends */
  async stays(ms: number): Promise<void> {
    await this.pass(ms);
    expectThat(this.#record.exit === undefined, 'that the worker goes on', () => this.#record.lately());
  }

  #hasEnded(): typeof ENDED | undefined {
    return this.#record.exit === undefined ? undefined : ENDED;
  }

  async #wait<T>(condition: () => T | undefined | false, withinMs: number): Promise<T | undefined> {
    const over = Promise.withResolvers<T | undefined>();
    const look = (): void => {
      const value = condition();
      if (value !== undefined && value !== false) over.resolve(value);
    };
    const timer = setTimeout(() => over.resolve(undefined), withinMs);
    this.#looks.add(look);
    look();
    try {
      return await over.promise;
    } finally {
      clearTimeout(timer);
      this.#looks.delete(look);
    }
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setTimeout(() => {
      this.#planned = false;
      for (const look of this.#looks) look();
    }, LOOK_MS);
  }
}

const ENDED = Symbol('the worker has ended');

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
