import { Dice } from '../../support/fakes/dice.ts';
import { settle } from '../../support/fakes/settle.ts';
import { Agenda } from './agenda.ts';
import { Trace } from './trace.ts';
import { Violation } from './violation.ts';

interface Step {
  act: (() => void) | undefined;
}

/** More than any world needs: beyond it something goes round and round. */
const MAX_STEPS = 400_000;

/**
 * Owns all time, all chance and all order of a simulated world. Nothing in it waits for a real timer or for real I/O,
 * so that a seed stands for one course of events.
 *
 * One step at a time is taken from the agenda, and everything that it sets off comes to rest before the next: whatever
 * can happen at a different moment is a step of its own. Steps of the same millisecond come in any order.
 */
export class Scheduler {
  readonly dice: Dice;
  readonly trace: Trace;
  readonly #agenda = new Agenda<Step>();
  #nowMs = 0;
  #steps = 0;

  constructor(seed: number, keepsTrace: boolean) {
    this.dice = new Dice(seed);
    this.trace = new Trace(keepsTrace, () => this.#nowMs);
  }

  /** Whole milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): number {
    return this.#steps;
  }

  /** @returns calls it off */
  later(delayMs: number, act: () => void): () => void {
    const step: Step = { act };
    this.#agenda.add(this.#nowMs + Math.ceil(delayMs), this.dice.next(), step);
    return () => {
      step.act = undefined;
    };
  }

  /** For what a script does: resolves when so much time has passed. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.later(delayMs, resolve));
  }

  /** Lets things happen until `isDone`, but no longer than `limitMs` of the world's time. @returns whether it is done */
  async run(isDone: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = this.#nowMs + limitMs;
    await settle();
    while (!isDone()) {
      const nextAtMs = this.#agenda.nextAtMs;
      if (nextAtMs === undefined || nextAtMs > untilMs) {
        this.#nowMs = untilMs;
        return false;
      }
      this.#nowMs = nextAtMs;
      const { act } = this.#agenda.take() as Step;
      if (act === undefined) continue;
      this.#steps += 1;
      if (this.#steps > MAX_STEPS) throw new Violation(`the world does not come to rest in ${MAX_STEPS} steps`);
      act();
      await settle();
    }
    return true;
  }
}
