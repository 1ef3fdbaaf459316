import { ShoalError } from '../shoal-error.ts';
import type { WatchNotice } from './watch-notice.ts';

/** Changes that wait for one watcher; beyond it the watch is over. */
const MAX_WAITING = 10_000;

/** What one watcher has not read yet: every change, or none any more. */
export class WatchQueue {
  #waiting: WatchNotice[] = [];
  #at = 0;
  #overrun = false;
  #wake = (): void => {};

  push(notice: WatchNotice): void {
    if (this.#overrun) return;
    this.#overrun = this.#waiting.length - this.#at >= MAX_WAITING;
    if (this.#overrun) this.#waiting = [];
    else this.#waiting.push(notice);
    this.#wake();
  }

  /** @throws ShoalError REVISION_CONFLICT when changes were lost because the watcher was too slow */
  demandRoom(): void {
    if (!this.#overrun) return;
    throw new ShoalError(
      'REVISION_CONFLICT',
      `more than ${MAX_WAITING} changes wait for this watcher; watch again, from_revision the last that you have`,
    );
  }

  /** Resolves with the next change, or with undefined when the signal aborts. @throws as {@link demandRoom} */
  async next(signal: AbortSignal): Promise<WatchNotice | undefined> {
    const abort = (): void => this.#wake();
    signal.addEventListener('abort', abort);
    try {
      for (;;) {
        this.demandRoom();
        if (signal.aborted) return undefined;
        const notice = this.#waiting[this.#at];
        if (notice !== undefined) return this.#taken(notice);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #taken(notice: WatchNotice): WatchNotice {
    this.#at += 1;
    if (this.#at === this.#waiting.length) {
      this.#waiting = [];
      this.#at = 0;
    }
    return notice;
  }
}
