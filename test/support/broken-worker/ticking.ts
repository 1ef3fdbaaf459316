import { Turn } from './turn.ts';

export interface TickingParts {
  /** Resolves when a tick may be made. */
  room(): Promise<'made' | 'lost'>;
  /** One tick; what happened in it is reported, or lost. */
  tick(how: 'made' | 'lost'): void;
}

/** Makes ticks at a pace, and holds between two of them. */
export class Ticking {
  state: 'RUNNING' | 'PAUSED' | 'STOPPING' = 'PAUSED';
  /** Makes no ticks though it is RUNNING. */
  isAsleep = false;
  readonly #parts: TickingParts;
  readonly #turn = new Turn();
  #ticksPerSecond: number;

  constructor(parts: TickingParts, ticksPerSecond: number) {
    this.#parts = parts;
    this.#ticksPerSecond = ticksPerSecond;
  }

  set ticksPerSecond(value: number) {
    this.#ticksPerSecond = value;
    this.#turn.come();
  }

  /** STOPPING is the last of all. */
  goInto(state: 'RUNNING' | 'PAUSED' | 'STOPPING'): void {
    if (this.state !== 'STOPPING') this.state = state;
    this.#turn.come();
  }

  /** Ticks whenever it is RUNNING. */
  async run(): Promise<never> {
    let dueMs = 0;
    for (;;) {
      const earlyMs = dueMs - performance.now();
      if (this.state !== 'RUNNING' || this.isAsleep) {
        await this.#turn.next();
        dueMs = performance.now();
      } else if (earlyMs > 0) {
        await this.#turn.next(earlyMs);
        // Another pace counts at once.
        dueMs = Math.min(dueMs, performance.now() + this.#periodMs());
      } else {
        await this.#make(() => this.state === 'RUNNING');
        // What was late is not caught up with.
        dueMs = Math.max(dueMs, performance.now() - this.#periodMs()) + this.#periodMs();
      }
    }
  }

  /** Makes so many ticks as fast as it can; fewer when it is told to stop. */
  async step(ticks: number): Promise<void> {
    for (let left = ticks; left > 0 && this.state !== 'STOPPING'; left -= 1) {
      await this.#make(() => this.state !== 'STOPPING');
    }
  }

  async #make(isWanted: () => boolean): Promise<void> {
    // Calls and commands have their turn between two ticks.
    await new Promise((resolve) => setImmediate(resolve));
    const how = await this.#parts.room();
    if (isWanted()) this.#parts.tick(how);
  }

  #periodMs(): number {
    return this.#ticksPerSecond === 0 ? 0 : 1_000 / this.#ticksPerSecond;
  }
}
