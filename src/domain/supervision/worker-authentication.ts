import { parseWorkerId, quote } from '../ids.ts';
import { demandIngestWorker } from '../ingest/ingest-snapshot.ts';
import type { IngestWorker } from '../ingest/ingest-worker.ts';
import { ShoalError } from '../shoal-error.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';

/** How a call says who makes it. */
export interface WorkerCredentials {
  readonly token?: string;
  /** Without a token, and only where `auth.workers` is `off`, it is believed. */
  readonly claimedWorkerId: string;
}

/** Tells which worker makes a call, and holds it to its own simulation. */
export class WorkerAuthentication {
  readonly #directory: WorkerDirectory;
  readonly #tokensRequired: () => boolean;

  constructor(directory: WorkerDirectory, tokensRequired: () => boolean) {
    this.#directory = directory;
    this.#tokensRequired = tokensRequired;
  }

  /** @throws ShoalError UNAUTHENTICATED; COMMAND_FORBIDDEN when the token is another worker's than the claimed one */
  authenticate(credentials: WorkerCredentials): Worker {
    const worker = this.#find(credentials);
    if (worker === undefined) {
      throw new ShoalError(
        'UNAUTHENTICATED',
        'send `authorization: Bearer` with the SHOAL_WORKER_TOKEN that this process was launched with; a token ends with its worker',
      );
    }
    if (credentials.claimedWorkerId !== worker.id) {
      throw forbidden('worker_id', `the token is for worker ${worker.id}, not ${quote(credentials.claimedWorkerId)}`);
    }
    return worker;
  }

  /**
   * The worker whose events these are; asks only the ingest snapshot.
   *
   * @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED
   */
  ingestWorker(credentials: WorkerCredentials): IngestWorker {
    const token = credentials.token ?? this.#find(credentials)?.token ?? '';
    return demandIngestWorker(this.#directory.ingestSnapshot(), token);
  }

  /** @throws ShoalError COMMAND_FORBIDDEN */
  demandSimulation(worker: Worker, simulationId: string): void {
    const own = worker.assignment?.simulationId ?? '';
    if (simulationId !== own)
      throw forbidden('simulation_id', `the token is for simulation ${own}, not ${quote(simulationId)}`);
  }

  #find({ token, claimedWorkerId }: WorkerCredentials): Worker | undefined {
    if (token !== undefined) return this.#directory.byToken(token);
    if (this.#tokensRequired() || claimedWorkerId === '') return undefined;
    return this.#directory.byId(parseWorkerId(claimedWorkerId));
  }
}

function forbidden(field: string, message: string): ShoalError {
  return new ShoalError('COMMAND_FORBIDDEN', `${field}: ${message}`, { metadata: { field } });
}
