import type { AppendWindow } from './append-window.ts';
import type { Displacement } from './displacement.ts';

export interface AppendPatience {
  readonly ackTimeoutMs: number;
  /** Without any progress for this long, everything that waits is rejected. */
  readonly giveUpAfterMs: number;
}

/** Tells when acknowledgements are overdue, and when it is time to give up. */
export class AppendWatch {
  readonly #patience: AppendPatience;
  readonly #window: AppendWindow;
  readonly #displacement: Displacement;
  readonly #look: () => void;
  #timer: NodeJS.Timeout | undefined;
  #lastProgressMs = 0;

  /** @param look called again and again while it watches */
  constructor(patience: AppendPatience, window: AppendWindow, displacement: Displacement, look: () => void) {
    this.#patience = patience;
    this.#window = window;
    this.#displacement = displacement;
    this.#look = look;
  }

  begin(): void {
    const { ackTimeoutMs, giveUpAfterMs } = this.#patience;
    this.#timer ??= setInterval(this.#look, Math.min(ackTimeoutMs, giveUpAfterMs) / 4);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  progressed(): void {
    this.#lastProgressMs = performance.now();
  }

  get isHopeless(): boolean {
    return performance.now() - this.#lastProgressMs >= this.#patience.giveUpAfterMs;
  }

  /**
   * Acknowledgements come in order. As long as some come, a server that is merely slow will come to the oldest too, and
   * sending again would only add to its load; one that acknowledges later entries instead has lost the oldest.
   */
  get isOverdue(): boolean {
    const nowMs = performance.now();
    const { ackTimeoutMs } = this.#patience;
    const { oldest } = this.#window;
    if (oldest === undefined || nowMs - oldest.sentMs < ackTimeoutMs) return false;
    return this.#displacement.newestOrdinal > oldest.ordinal || nowMs - this.#lastProgressMs >= ackTimeoutMs;
  }
}
