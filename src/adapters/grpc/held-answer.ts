/** An answer that may wait goes at the latest then. */
const MAX_WAIT_MS = 50;
/** Only in a course of such answers: whoever waits for a single one does not wait longer. */
const SAME_COURSE_MS = 100;

/**
 * Writes answers, each of which says what those before it said; one that may wait goes with the next. In lockstep a worker then is
 * told once of several acknowledgements of commands, which is a third of what they cost it.
 */
export class HeldAnswer<Answer> {
  readonly #maxHeld: number;
  readonly #write: (answer: Answer) => void;
  #held: { readonly answer: Answer; readonly timer: NodeJS.Timeout } | undefined;
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param maxHeld answers to fewer messages are held */
  constructor(maxHeld: number, write: (answer: Answer) => void) {
    this.#maxHeld = maxHeld;
    this.#write = write;
  }

  take(answer: Answer, { messages, mayWait }: { readonly messages: number; readonly mayWait: boolean }): void {
    this.#count += messages;
    if (mayWait && this.#isInCourse() && this.#count < this.#maxHeld) this.#hold(answer);
    else {
      this.drop();
      this.#write(answer);
    }
  }

  /** What is held goes now. */
  release(): void {
    const answer = this.#held?.answer;
    this.drop();
    if (answer !== undefined) this.#write(answer);
  }

  drop(): void {
    clearTimeout(this.#held?.timer);
    this.#held = undefined;
    this.#count = 0;
  }

  #hold(answer: Answer): void {
    const timer = this.#held?.timer ?? setTimeout(() => this.release(), MAX_WAIT_MS);
    this.#held = { answer, timer };
  }

  #isInCourse(): boolean {
    const nowMs = performance.now();
    const isInCourse = nowMs - this.#lastMs < SAME_COURSE_MS;
    this.#lastMs = nowMs;
    return isInCourse;
  }
}
