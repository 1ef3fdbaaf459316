import type { WorkerProcess } from '../setting/worker-processes.ts';

/** A request to start, and what came of it. */
export interface StartedSimulation {
  readonly requestId: string;
  readonly workerType: string;
  /** Undefined until a daemon has answered. */
  simulationId: string | undefined;
  /** How many daemons had been killed when it was asked for. */
  readonly killsBefore: number;
}

export interface SentCommand {
  readonly requestId: string;
  readonly simulationId: string;
  readonly name: string;
  /** How often it was sent, under the one request id. */
  attempts: number;
  /** `applied`, or the code that it failed with; undefined: nobody has answered. */
  outcome: string | undefined;
  /** Of every answer that named one. */
  readonly commandIds: Set<string>;
}

/** What was done to whom: what the checker holds the ends of the simulations against. */
export class Diary {
  readonly starts: StartedSimulation[] = [];
  readonly commands: SentCommand[] = [];
  /** By simulation: how often a worker of it was killed. */
  readonly workerKills = new Map<string, number>();
  /** By simulation: how often a worker of it was stopped with SIGSTOP. */
  readonly workerStops = new Map<string, number>();
  /** Answers that nothing explains. */
  readonly problems: string[] = [];
  readonly lines: string[] = [];
  readonly #startedMs = performance.now();
  readonly #print: (line: string) => void;

  /** @param print gets each line of {@link note} as it is written */
  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** For people. */
  note(text: string): void {
    const line = `${((performance.now() - this.#startedMs) / 1_000).toFixed(2)} s  ${text}`;
    this.lines.push(line);
    this.#print(line);
  }

  killed({ simulationId }: WorkerProcess): void {
    this.workerKills.set(simulationId, (this.workerKills.get(simulationId) ?? 0) + 1);
  }

  stopped({ simulationId }: WorkerProcess): void {
    this.workerStops.set(simulationId, (this.workerStops.get(simulationId) ?? 0) + 1);
  }
}
