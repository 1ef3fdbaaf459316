import type { SimulationId } from '../../domain/ids.ts';
import { REQUEST_KEPT_MS } from '../../domain/simulation/request-memory.ts';
import type {
  CommandJournal,
  CommandProgress,
  JournalledRequest,
  JournalRecord,
  RequestKey,
} from '../../ports/command-journal.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

export interface InMemoryCommandJournalOptions {
  /** Of simulations, over all requests. Default 1,000: nobody reads it after the process has ended. */
  readonly maxCommands?: number;
  /** By the wall clock. Default: that of the system. */
  readonly nowMs?: () => number;
}

interface Entry {
  request: JournalledRequest;
  readonly progress: Map<SimulationId, CommandProgress>;
  /** Simulations for which it is not done. */
  open: number;
}

/** A journal that ends with the process. */
export class InMemoryCommandJournal implements CommandJournal, ManagedPart {
  readonly name = 'in-memory command journal';
  readonly #maxCommands: number;
  readonly #nowMs: () => number;
  readonly #entries = new Map<string, Entry>();
  #commands = 0;

  constructor({ maxCommands = 1_000, nowMs = Date.now }: InMemoryCommandJournalOptions = {}) {
    this.#maxCommands = maxCommands;
    this.#nowMs = nowMs;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async write(request: JournalledRequest, progress?: CommandProgress): Promise<void> {
    const entry = this.#entries.get(nameOf(request)) ?? this.#add(request);
    if (progress !== undefined) note(entry, progress);
    this.#makeRoom();
  }

  async forget(key: RequestKey): Promise<void> {
    const entry = this.#entries.get(nameOf(key));
    if (entry !== undefined) this.#drop(entry);
  }

  async list(): Promise<readonly JournalRecord[]> {
    const sinceMs = this.#nowMs() - REQUEST_KEPT_MS;
    return [...this.#entries.values()]
      .filter(({ request }) => request.atMs > sinceMs)
      .sort((a, b) => a.request.atMs - b.request.atMs)
      .map(({ request, progress }) => ({ request, progress: [...progress.values()] }));
  }

  #add(request: JournalledRequest): Entry {
    const open = request.simulationIds.length;
    const entry = { request, progress: new Map<SimulationId, CommandProgress>(), open };
    this.#entries.set(nameOf(request), entry);
    this.#commands += open;
    return entry;
  }

  #drop({ request }: Entry): void {
    this.#entries.delete(nameOf(request));
    this.#commands -= request.simulationIds.length;
  }

  #makeRoom(): void {
    for (const done of [true, false]) {
      if (this.#commands <= this.#maxCommands) return;
      for (const entry of this.#entries.values()) {
        if (this.#commands <= this.#maxCommands) return;
        if ((entry.open === 0) === done) this.#drop(entry);
      }
    }
  }
}

function note(entry: Entry, progress: CommandProgress): void {
  const before = entry.progress.get(progress.simulationId);
  entry.progress.set(progress.simulationId, progress);
  if (before?.result === undefined && progress.result !== undefined) entry.open -= 1;
  if (entry.open > 0) return;
  const { command: _, ...rest } = entry.request;
  entry.request = rest;
}

function nameOf({ scope, requestId }: RequestKey): string {
  return `${scope}\n${requestId}`;
}
