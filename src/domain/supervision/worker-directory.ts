import type { SimulationId, WorkerId } from '../ids.ts';
import type { IngestSnapshot } from '../ingest/ingest-snapshot.ts';
import type { IngestWorker } from '../ingest/ingest-worker.ts';
import type { Worker } from './worker.ts';

/** The workers of this daemon, by id, token and simulation, and the part of them that ingest sees. */
export class WorkerDirectory {
  readonly #byId = new Map<WorkerId, Worker>();
  readonly #byToken = new Map<string, Worker>();
  readonly #bySimulation = new Map<SimulationId, Worker>();
  #snapshot: IngestSnapshot | undefined;

  /** A worker with an assignment becomes the one of its simulation; the one before it is refused from now on. */
  add(worker: Worker): void {
    const before = worker.assignment && this.#bySimulation.get(worker.assignment.simulationId);
    if (before !== undefined && before !== worker) this.remove(before);
    this.#byId.set(worker.id, worker);
    this.#byToken.set(worker.token, worker);
    if (worker.assignment !== undefined) this.#bySimulation.set(worker.assignment.simulationId, worker);
    this.changed();
  }

  /** Its token is refused from now on, and its streams end. */
  remove(worker: Worker): void {
    this.#byId.delete(worker.id);
    this.#byToken.delete(worker.token);
    const simulationId = worker.assignment?.simulationId;
    if (simulationId !== undefined && this.#bySimulation.get(simulationId) === worker) {
      this.#bySimulation.delete(simulationId);
    }
    worker.revoke();
    this.changed();
  }

  /** Nothing is heard any more of a run that is over: its worker may have events in its sockets still. */
  dismiss(id: SimulationId): void {
    const worker = this.#bySimulation.get(id);
    if (worker !== undefined) this.remove(worker);
  }

  byId(id: WorkerId): Worker | undefined {
    return this.#byId.get(id);
  }

  byToken(token: string): Worker | undefined {
    return this.#byToken.get(token);
  }

  /** The worker that holds the simulation now; undefined once it has ended. */
  ofSimulation(id: SimulationId): Worker | undefined {
    const worker = this.#bySimulation.get(id);
    return worker?.ended === false ? worker : undefined;
  }

  /** The one whose events of the simulation may still come, also once it has ended. */
  holderOf(id: SimulationId): Worker | undefined {
    return this.#bySimulation.get(id);
  }

  all(): readonly Worker[] {
    return [...this.#byId.values()];
  }

  /** To be called after a worker has registered: ingest sees it from now on. */
  changed(): void {
    this.#snapshot = undefined;
  }

  /** Immutable: what it says does not change, a later call may say something else. */
  ingestSnapshot(): IngestSnapshot {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  #takeSnapshot(): IngestSnapshot {
    const workers = new Map<string, IngestWorker | 'unregistered'>();
    for (const [token, worker] of this.#byToken) {
      workers.set(
        token,
        worker.registered && worker.assignment !== undefined ? worker.assignment.ingest : 'unregistered',
      );
    }
    return { workers };
  }
}
