import type { ProcessIdentity } from './process-handle.ts';
import type { ProcessTable } from './process-table.ts';

interface Watched {
  readonly identity: ProcessIdentity;
  onGone: () => void;
}

/**
 * Watches processes that are not our children: the system tells their end to nobody but their parent, so their entries in
 * the process table are looked at every `pollMs`, with one timer for all.
 */
export class RecoveredProcesses {
  readonly #table: ProcessTable;
  readonly #pollMs: number;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(table: ProcessTable, pollMs: number) {
    this.#table = table;
    this.#pollMs = pollMs;
  }

  /** `onGone` is called once; watching the same worker again replaces it. */
  watch(identity: ProcessIdentity, onGone: () => void): void {
    this.#watched.set(identity.workerId, { identity, onGone });
    this.#timer ??= setInterval(() => this.#look(), this.#pollMs).unref();
  }

  list(): ProcessIdentity[] {
    return [...this.#watched.values()].map(({ identity }) => identity);
  }

  isAlive({ pid, startTime, bootId }: ProcessIdentity): boolean {
    const entry = this.#table.find(pid);
    return entry !== undefined && !entry.zombie && entry.startTime === startTime && this.#table.bootId() === bootId;
  }

  #look(): void {
    for (const [workerId, { identity, onGone }] of this.#watched) {
      if (this.isAlive(identity)) continue;
      this.#watched.delete(workerId);
      onGone();
    }
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
