import { ShoalError } from '../shoal-error.ts';
import type { IngestWorker } from './ingest-worker.ts';

/** What the event path knows of workers: an immutable table that is replaced as a whole, so that ingest never asks the registry. */
export interface IngestSnapshot {
  /** By token. */
  readonly workers: ReadonlyMap<string, IngestWorker | 'unregistered'>;
}

/** @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED */
export function demandIngestWorker(snapshot: IngestSnapshot, token: string): IngestWorker {
  const worker = snapshot.workers.get(token);
  if (worker === undefined) {
    throw new ShoalError(
      'UNAUTHENTICATED',
      'this token is not good, or no longer: send the SHOAL_WORKER_TOKEN that this process was launched with',
    );
  }
  if (worker === 'unregistered') {
    throw new ShoalError('NOT_REGISTERED', 'call RegisterWorker before events are reported');
  }
  return worker;
}
