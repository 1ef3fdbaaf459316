import type { RejectedEvent } from '../../domain/ingest/acceptance.ts';
import type { RejectedEvent as RejectedEventMessage } from './generated/fes/orchestration/v1/RejectedEvent.ts';
import { GRPC_STATUS } from './status-codes.ts';

/** @param batchSequence 0: it did not come in a batch */
export function rejectedMessage(
  { index, eventId, code, message }: Omit<RejectedEvent, 'metadata'>,
  batchSequence: number,
): RejectedEventMessage {
  return { index, eventId, code: GRPC_STATUS[code], message, batchSequence };
}
