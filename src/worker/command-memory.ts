/**
 * What became of the commands seen, so that one sent again is answered again and not done again.
 *
 * Bounded: of those answered, the ones answered first are forgotten. The bound must only outlast the orchestrator's
 * resending, which ends with the command's own timeout. One that is under way is never forgotten: it would be done twice.
 */
export class CommandMemory<Answer> {
  readonly #capacity: number;
  readonly #underWay = new Set<string>();
  /** In the order in which they were answered. */
  readonly #answers = new Map<string, Answer>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Notes a command, and says what is known of it. */
  see(id: string): 'new' | 'unanswered' | { readonly answer: Answer } {
    const answer = this.#answers.get(id);
    if (answer !== undefined) return { answer };
    if (this.#underWay.has(id)) return 'unanswered';
    this.#underWay.add(id);
    return 'new';
  }

  answer(id: string, answer: Answer): void {
    if (!this.#underWay.delete(id)) return;
    this.#answers.set(id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#capacity && oldest !== undefined) this.#answers.delete(oldest);
  }
}
