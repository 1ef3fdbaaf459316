import type { Log } from '../../ports/log.ts';

/** Why nothing is stored: the way to the server is cut, it takes messages and says nothing, or it refuses them. */
export type TroubleKind = 'connection' | 'silence' | 'refusal';

/** What keeps events from being stored; the reason is for people. */
export interface Hindrance {
  readonly kind: TroubleKind;
  readonly reason: string;
}

/** With nothing waiting, what went wrong so long ago says nothing about now. */
const STALE_MS = 30_000;

/** What hinders the log, for its operator: logged when it begins and when it changes, and told for as long as it lasts. */
export class AppendTrouble {
  readonly #log: Log;
  #kind: TroubleKind | undefined;
  #reason = '';
  #sinceMs = 0;
  #seenMs = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  get reason(): string {
    return this.#reason;
  }

  met({ kind, reason }: Hindrance, unacknowledged: number): void {
    this.#seenMs = performance.now();
    if (this.#kind === undefined) {
      this.#sinceMs = this.#seenMs;
      this.#log.warn({ reason, unacknowledged }, 'event log holds back until the server takes events');
    } else if (reason !== this.#reason) {
      this.#log.warn({ reason, unacknowledged }, 'events are held back for another reason now');
    }
    this.#kind = kind;
    this.#reason = reason;
  }

  /** @param repeated entries that are sent again now */
  over(repeated: number): void {
    if (this.#kind === undefined) return;
    this.#kind = undefined;
    this.#log.info({ repeated }, 'event log goes on');
  }

  /** @param isIdle nothing waits to be stored */
  now(isIdle: boolean): (Hindrance & { readonly forMs: number }) | undefined {
    const nowMs = performance.now();
    if (this.#kind === undefined || (isIdle && nowMs - this.#seenMs > STALE_MS)) return undefined;
    return { kind: this.#kind, reason: this.#reason, forMs: nowMs - this.#sinceMs };
  }
}
