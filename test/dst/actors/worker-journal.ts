/** An event as the worker that generated it wrote it down. */
export interface JournalEvent {
  readonly ordinal: number;
  readonly id: string;
  /** Of a key that is logged. */
  readonly isLogged: boolean;
  /** Made so that Shoal refuses it. */
  readonly isBad: boolean;
  /** The worker was told that it is dealt with. */
  isAcknowledged: boolean;
}

/** What one worker did, as it wrote it down itself: the other side of the story that log and registry tell. */
export class WorkerJournal {
  readonly workerId: string;
  readonly simulationId: string;
  readonly events: JournalEvent[] = [];
  /** How many times each command was done, by its id. */
  readonly done = new Map<string, number>();
  /** The same by what custom commands carried. */
  readonly doneTags = new Map<string, number>();
  hasRegistered = false;

  constructor(workerId: string, simulationId: string) {
    this.workerId = workerId;
    this.simulationId = simulationId;
  }

  did(commandId: string, tag: string): void {
    this.done.set(commandId, (this.done.get(commandId) ?? 0) + 1);
    if (tag !== '') this.doneTags.set(tag, (this.doneTags.get(tag) ?? 0) + 1);
  }
}
