import { ShoalError } from '../domain/shoal-error.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';

/** A part and how long its stop may take. */
export interface SequencedPart {
  readonly part: ManagedPart;
  readonly stopTimeoutMs: () => number;
}

/** Starts parts in order and stops those that started in reverse; each stop is bounded, and one that overruns is named in the log. */
export class PartSequence {
  readonly #parts: readonly SequencedPart[];
  readonly #log: Log;
  readonly #started: SequencedPart[] = [];

  constructor(parts: readonly SequencedPart[], log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** When a part fails, those before it are stopped, and its error is thrown. */
  async start(signal: AbortSignal): Promise<void> {
    for (const sequenced of this.#parts) {
      try {
        if (signal.aborted) throw new ShoalError('CANCELLED', 'told to stop before it was up');
        await sequenced.part.start(signal);
        this.#started.push(sequenced);
      } catch (thrown) {
        await this.stop();
        throw thrown;
      }
    }
  }

  async stop(): Promise<void> {
    for (let next = this.#started.pop(); next !== undefined; next = this.#started.pop()) await this.#stopOne(next);
  }

  async #stopOne({ part, stopTimeoutMs }: SequencedPart): Promise<void> {
    const limitMs = stopTimeoutMs();
    const overrun = Promise.withResolvers<'overrun'>();
    const timer = setTimeout(() => overrun.resolve('overrun'), limitMs);
    const startedAt = performance.now();
    try {
      const outcome = await Promise.race([part.stop(), overrun.promise]);
      const fields = { part: part.name, durationMs: Math.round(performance.now() - startedAt) };
      if (outcome === 'overrun') this.#log.warn({ ...fields, limitMs }, 'part did not stop in time');
      else this.#log.debug(fields, 'part stopped');
    } catch (err) {
      this.#log.error({ part: part.name, err }, 'part failed to stop');
    } finally {
      clearTimeout(timer);
    }
  }
}
