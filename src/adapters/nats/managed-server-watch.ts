import type { ManagedPart } from '../../ports/managed-part.ts';

export interface ManagedServerWatchOptions {
  /** Why the server, which runs, seems to be of no use; undefined when it is. */
  readonly ailment: () => string | undefined;
  readonly restart: (reason: string) => Promise<void>;
  /** For so long without a break, before it is restarted. Default 20 s. */
  readonly patienceMs?: number;
  /** At least between two restarts: what a restart does not cure must not be restarted for ever in haste. Default 60 s. */
  readonly pauseMs?: number;
}

const LOOKS_PER_PATIENCE = 20;

/**
 * Restarts a managed nats-server that runs and does not serve: one that hangs, or whose disk was full, after which it answers
 * nothing until it is restarted, also when there is space again.
 */
export class ManagedServerWatch implements ManagedPart {
  readonly name = 'managed nats-server watch';
  readonly #options: ManagedServerWatchOptions;
  readonly #patienceMs: number;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #ailingSinceMs: number | undefined;
  #restartedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ManagedServerWatchOptions) {
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? 20_000;
    this.#pauseMs = options.pauseMs ?? 60_000;
  }

  async start(): Promise<void> {
    this.#timer ??= setInterval(() => this.#look(), this.#patienceMs / LOOKS_PER_PATIENCE);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const nowMs = performance.now();
    const reason = this.#options.ailment();
    if (reason === undefined) {
      this.#ailingSinceMs = undefined;
      return;
    }
    this.#ailingSinceMs ??= nowMs;
    if (nowMs - this.#ailingSinceMs < this.#patienceMs || nowMs - this.#restartedMs < this.#pauseMs) return;
    this.#restartedMs = nowMs;
    this.#ailingSinceMs = undefined;
    void this.#options.restart(reason);
  }
}
