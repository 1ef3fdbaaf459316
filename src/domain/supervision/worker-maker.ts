import type { IdSource } from '../../ports/id-source.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { LimitsConfig } from '../configuration.ts';
import type { EventCounters } from '../ingest/event-counters.ts';
import { IngestWorker } from '../ingest/ingest-worker.ts';
import { invariant } from '../shoal-error.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { OutputTail } from './output-tail.ts';
import { type Assignment, Worker } from './worker.ts';

export interface WorkerMakerParts {
  readonly registry: SimulationRegistry;
  readonly catalogue: WorkerTypeCatalogue;
  readonly counters: EventCounters;
  readonly ids: IdSource;
  readonly limits: () => LimitsConfig;
  /** What `command_transport: auto` means here. */
  readonly defaultTransport: 'nats' | 'grpc';
}

/** Makes workers, and what ties one to a simulation: two steps, for a worker may be there before its simulation is. */
export class WorkerMaker {
  readonly #parts: WorkerMakerParts;

  constructor(parts: WorkerMakerParts) {
    this.#parts = parts;
  }

  /** @param id absent: one that no worker had before it */
  make(workerType: string, id = this.#parts.ids.workerId()): Worker {
    const { catalogue, ids, limits, defaultTransport } = this.#parts;
    const type = catalogue.get(workerType);
    invariant(type, 'a recorded simulation has a known worker type');
    const { commandTransport } = type.config;
    return new Worker({
      id,
      token: ids.token(id),
      type,
      output: new OutputTail(limits().outputLines),
      transport: commandTransport === 'auto' ? defaultTransport : commandTransport,
    });
  }

  assignment(worker: Worker, { id: simulationId, incarnation }: Simulation): Assignment {
    const { registry, counters } = this.#parts;
    const ingest = new IngestWorker({
      workerId: worker.id,
      simulationId,
      workerType: worker.type.config.name,
      routes: worker.type.routes,
      figures: registry.figures.of(simulationId),
      counters,
      revoked: worker.revoked,
    });
    return { simulationId, incarnation, ingest };
  }
}
