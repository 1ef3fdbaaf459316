/**
 * What became of the commands seen, so that one sent again is answered again and not done again.
 *
 * Bounded: the oldest are forgotten. The bound must only outlast the orchestrator's resending, which ends with the
 * command's own timeout.
 */
export class CommandMemory<Answer> {
  readonly #capacity: number;
  /** In the order they were first seen; `undefined` while unanswered. */
  readonly #answers = new Map<string, Answer | undefined>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Notes a command, and says what is known of it. */
  see(id: string): 'new' | 'unanswered' | { readonly answer: Answer } {
    if (this.#answers.has(id)) {
      const answer = this.#answers.get(id);
      return answer === undefined ? 'unanswered' : { answer };
    }
    this.#answers.set(id, undefined);
    if (this.#answers.size > this.#capacity) this.#forgetOldest();
    return 'new';
  }

  answer(id: string, answer: Answer): void {
    if (this.#answers.has(id)) this.#answers.set(id, answer);
  }

  #forgetOldest(): void {
    const oldest = this.#answers.keys().next();
    if (!oldest.done) this.#answers.delete(oldest.value);
  }
}
