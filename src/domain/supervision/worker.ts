import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { CommandName } from '../command/command.ts';
import type { SimulationId, WorkerId } from '../ids.ts';
import type { IngestWorker } from '../ingest/ingest-worker.ts';
import type { WorkerType } from '../worker-type.ts';
import type { OutputTail } from './output-tail.ts';
import type { Verdict } from './vigil.ts';

/** What a worker works on. A worker holds none or one, and being launched and being assigned are two steps. */
export interface Assignment {
  readonly simulationId: SimulationId;
  readonly incarnation: number;
  readonly ingest: IngestWorker;
}

/** One launched program, from before its launch until after its end. Never launched again: a restart makes another. */
export class Worker {
  readonly id: WorkerId;
  readonly token: string;
  readonly type: WorkerType;
  readonly output: OutputTail;
  readonly transport: 'nats' | 'grpc';
  assignment: Assignment | undefined;
  handle: LaunchHandle | undefined;
  registered = false;
  /** It was launched by a daemon before this one. */
  adopted = false;
  /** Adopted, its state may be another than its record's, until it has told it or has been told another. */
  mayDiffer = false;
  /** What this worker said that it understands; before it said so, what its type does. */
  commands: ReadonlySet<CommandName>;
  /** When it was up, by the monotonic clock: registered, or launched where it does not register. */
  upAtMs: number | undefined;
  ended = false;
  verdict: Verdict | undefined;
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #revoked = new AbortController();

  constructor(facts: Pick<Worker, 'id' | 'token' | 'type' | 'output' | 'transport'>) {
    this.id = facts.id;
    this.token = facts.token;
    this.type = facts.type;
    this.output = facts.output;
    this.transport = facts.transport;
    this.commands = facts.type.commands;
  }

  /** Resolves when the program and its files have gone, and the simulation's record says so, unless it cannot be written now. */
  get gone(): Promise<void> {
    return this.#ended.promise;
  }

  /** Aborted when the token is no longer good: open streams of this worker end. */
  get revoked(): AbortSignal {
    return this.#revoked.signal;
  }

  revoke(): void {
    this.#revoked.abort();
  }

  settleEnd(): void {
    this.#ended.resolve();
  }
}
