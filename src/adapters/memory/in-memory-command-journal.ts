import type { CommandJournal, CommandKey, JournalledCommand } from '../../ports/command-journal.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

/** How long a request id is remembered: contract section 2. */
const KEEP_MS = 3_600_000;

export interface InMemoryCommandJournalOptions {
  /** Default 1,000: nobody reads it after the process has ended. */
  readonly maxEntries?: number;
  /** By the wall clock. Default: that of the system. */
  readonly nowMs?: () => number;
}

/** A journal that ends with the process. */
export class InMemoryCommandJournal implements CommandJournal, ManagedPart {
  readonly name = 'in-memory command journal';
  readonly #maxEntries: number;
  readonly #nowMs: () => number;
  readonly #entries = new Map<string, JournalledCommand>();

  constructor({ maxEntries = 1_000, nowMs = Date.now }: InMemoryCommandJournalOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#nowMs = nowMs;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async write(commands: readonly JournalledCommand[]): Promise<void> {
    for (const command of commands) this.#entries.set(nameOf(command), command);
    this.#makeRoom();
  }

  async forget(key: CommandKey): Promise<void> {
    this.#entries.delete(nameOf(key));
  }

  async list(): Promise<readonly JournalledCommand[]> {
    const sinceMs = this.#nowMs() - KEEP_MS;
    return [...this.#entries.values()].filter(({ atMs }) => atMs > sinceMs).sort((a, b) => a.atMs - b.atMs);
  }

  #makeRoom(): void {
    for (const isDone of [true, false]) {
      for (const [name, { result }] of this.#entries) {
        if (this.#entries.size <= this.#maxEntries) return;
        if (isDone === (result !== undefined)) this.#entries.delete(name);
      }
    }
  }
}

function nameOf({ scope, requestId, simulationId }: CommandKey): string {
  return `${scope}\n${requestId}\n${simulationId}`;
}
