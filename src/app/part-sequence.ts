import { ShoalError } from '../domain/shoal-error.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';
import type { StopBudget } from './stop-budget.ts';

/** A part and how long its stop may take. */
export interface SequencedPart {
  readonly part: ManagedPart;
  readonly stopTimeoutMs: (budget: StopBudget) => number;
}

/** Starts parts in order and stops those that started in reverse; each stop is bounded, and one that overruns is named in the log. */
export class PartSequence {
  readonly #parts: readonly SequencedPart[];
  readonly #log: Log;
  readonly #started: SequencedPart[] = [];
  #starting: string | undefined;

  constructor(parts: readonly SequencedPart[], log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** The part whose start is under way. */
  get starting(): string | undefined {
    return this.#starting;
  }

  /** @throws what the part that failed threw; those before it are still to be stopped */
  async start(signal: AbortSignal): Promise<void> {
    for (const sequenced of this.#parts) {
      if (signal.aborted) throw new ShoalError('CANCELLED', 'told to stop before it was up');
      this.#starting = sequenced.part.name;
      await sequenced.part.start(signal).finally(() => {
        this.#starting = undefined;
      });
      this.#started.push(sequenced);
    }
  }

  /** @returns the parts that failed or overran, so that not all of their work may be done */
  async stop(budget: StopBudget): Promise<readonly string[]> {
    const unfinished: string[] = [];
    for (let next = this.#started.pop(); next !== undefined; next = this.#started.pop()) {
      if (!(await this.#stopOne(next, budget))) unfinished.push(next.part.name);
    }
    return unfinished;
  }

  async #stopOne({ part, stopTimeoutMs }: SequencedPart, budget: StopBudget): Promise<boolean> {
    const limitMs = Math.round(stopTimeoutMs(budget));
    const overrun = Promise.withResolvers<'overrun'>();
    const timer = setTimeout(() => overrun.resolve('overrun'), limitMs);
    const startedAt = performance.now();
    try {
      const outcome = await Promise.race([part.stop(), overrun.promise]);
      const fields = { part: part.name, durationMs: Math.round(performance.now() - startedAt) };
      if (outcome === 'overrun') this.#log.warn({ ...fields, limitMs }, 'part did not stop in time');
      else this.#log.debug(fields, 'part stopped');
      return outcome !== 'overrun';
    } catch (err) {
      this.#log.error({ part: part.name, err }, 'part failed to stop');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
