import type { ProcessIdentity } from './process-handle.ts';
import type { ProcessTable } from './process-table.ts';

/**
 * Watches processes that are not our children: the system tells their end to nobody but their parent, so their entries in
 * the process table are looked at every `pollMs`, with one timer for all.
 */
export class RecoveredProcesses<Watched extends { readonly worker: ProcessIdentity }> {
  readonly #table: ProcessTable;
  readonly #pollMs: number;
  readonly #onGone: (watched: Watched) => void;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onGone called once for each that has gone */
  constructor(table: ProcessTable, pollMs: number, onGone: (watched: Watched) => void) {
    this.#table = table;
    this.#pollMs = pollMs;
    this.#onGone = onGone;
  }

  watch(watched: Watched): void {
    this.#watched.set(watched.worker.workerId, watched);
    this.#timer ??= setInterval(() => this.#look(), this.#pollMs).unref();
  }

  find(workerId: string): Watched | undefined {
    return this.#watched.get(workerId);
  }

  list(): readonly Watched[] {
    return [...this.#watched.values()];
  }

  /** Watches nobody any more. */
  letGo(): void {
    this.#watched.clear();
    this.#settle();
  }

  isAlive({ pid, startTime, bootId }: ProcessIdentity): boolean {
    const entry = this.#table.find(pid);
    return entry !== undefined && !entry.zombie && entry.startTime === startTime && this.#table.bootId() === bootId;
  }

  #look(): void {
    for (const [workerId, watched] of this.#watched) {
      if (this.isAlive(watched.worker)) continue;
      this.#watched.delete(workerId);
      this.#onGone(watched);
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
