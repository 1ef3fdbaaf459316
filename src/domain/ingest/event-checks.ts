import type { EnvelopeView } from '../envelope/envelope-view.ts';
import { MAX_EVENT_ID_LENGTH, parseEventId, parseEventTypeKey } from '../ids.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import type { IngestWorker } from './ingest-worker.ts';

/** Of one event; what is longer belongs into the payload. */
const MAX_ATTRIBUTES = 64;
const MAX_ATTRIBUTE_BYTES = 16 * 1024;

/** That it names no other simulation or worker than the token is for. @throws ShoalError COMMAND_FORBIDDEN */
export function demandOwn({ simulationId, sourceWorkerId }: EnvelopeView, worker: IngestWorker): void {
  if (simulationId !== '' && simulationId !== worker.simulationId)
    throw forbidden('simulation_id', `the token is for simulation ${worker.simulationId} only`);
  if (sourceWorkerId !== '' && sourceWorkerId !== worker.workerId)
    throw forbidden('source_worker_id', `the token is for worker ${worker.workerId} only`);
}

/** That workers may report such events. @throws ShoalError INVALID_ARGUMENT, COMMAND_FORBIDDEN */
export function demandWorkerKey(key: string): void {
  parseEventTypeKey(key);
  if (key.startsWith('orchestrator.'))
    throw forbidden('event_type_key', 'keys that begin with "orchestrator." are for Shoal alone');
}

/** That the event id, where there is one, is fit for headers and indices. @throws ShoalError INVALID_ARGUMENT */
export function demandPlainId(view: EnvelopeView): void {
  if (view.hasEventId && !view.eventIdIsPlain(MAX_EVENT_ID_LENGTH)) parseEventId(view.eventId);
}

/** @throws ShoalError INVALID_ARGUMENT */
export function demandSize({ length }: Uint8Array, maxBytes: number): void {
  if (length > maxBytes)
    throw invalidArgument('event', `has ${length} bytes; limits.max_event_bytes allows ${maxBytes}`);
}

/** They are looked through for every event and subscription that asks for one. @throws ShoalError INVALID_ARGUMENT */
export function demandFewAttributes({ attributes: { count, byteLength } }: EnvelopeView): void {
  if (count > MAX_ATTRIBUTES)
    throw invalidArgument('attributes', `has ${count} entries; at most ${MAX_ATTRIBUTES} are allowed`);
  if (byteLength > MAX_ATTRIBUTE_BYTES)
    throw invalidArgument('attributes', `has ${byteLength} bytes; at most ${MAX_ATTRIBUTE_BYTES} are allowed`);
}

function forbidden(field: string, why: string): ShoalError {
  return new ShoalError('COMMAND_FORBIDDEN', `${field}: ${why}`, { metadata: { field } });
}
