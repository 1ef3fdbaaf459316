import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { EventId } from '../ids.ts';

/** A command that was delivered but is not done is sent again this often; the worker does it once. */
const RESEND_MS = 1_000;

export interface CommandCourseFacts<Answer> {
  readonly clock: Clock;
  readonly commandId: EventId | '';
  /** The answer for whoever does not wait for more; absent when the delivery took too long. */
  readonly delivered?: Answer;
  /** Resolves when the command is done, however late; rejects when it never will be. */
  readonly done: Promise<Answer>;
  /** Sends it again under the same id; absent where nothing is sent. */
  readonly again?: () => void;
  /** Nobody knows whether it was sent at all: it is as soon as somebody waits for it. */
  readonly isUnsent?: boolean;
}

/** A command on its way. A repeated request joins it: it is sent again for as long as anyone waits for it. */
export class CommandCourse<Answer> {
  readonly commandId: EventId | '';
  readonly delivered: Answer | undefined;
  readonly done: Promise<Answer>;
  readonly #clock: Clock;
  #again: (() => void) | undefined;
  #isUnsent: boolean;
  #cancel: CancelTimer | undefined;
  #sendUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ clock, commandId, delivered, done, again, isUnsent = false }: CommandCourseFacts<Answer>) {
    this.commandId = commandId;
    this.delivered = delivered;
    this.done = done;
    this.#clock = clock;
    this.#again = again;
    this.#isUnsent = isUnsent;
    const end = (): void => this.#end();
    done.then(end, end);
  }

  /** @param untilMs by the monotonic clock: until then somebody waits */
  sendUntil(untilMs: number): void {
    this.#sendUntilMs = Math.max(this.#sendUntilMs, untilMs);
    if (this.#isUnsent) this.#again?.();
    this.#isUnsent = false;
    if (this.#cancel === undefined) this.#arm();
  }

  #arm(): void {
    this.#cancel = undefined;
    const nextMs = this.#clock.monotonicMs() + RESEND_MS;
    if (this.#again === undefined || nextMs >= this.#sendUntilMs) return;
    this.#cancel = this.#clock.after(RESEND_MS, () => {
      this.#again?.();
      this.#arm();
    });
  }

  /** Lets go of the envelope, too: the course itself is kept for repeated requests. */
  #end(): void {
    this.#again = undefined;
    this.#cancel?.();
  }
}
