import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';

const SEQUENCE_NOT_FOUND = 10_043;
const DELETE_FAILED = 10_057;
/** What a deletion fails with where everything around the message is gone as well, in file storage. */
const NO_MESSAGE = /no message found/;

/**
 * Deletes a message of a stream. One that is not there has been deleted: the answer to an earlier try may have been lost.
 *
 * @throws what the library throws
 */
export async function deleteMessage(manager: JetStreamManager, stream: string, sequence: number): Promise<void> {
  try {
    await manager.streams.deleteMessage(stream, sequence, false);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isNotFound(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return false;
  return error.code === SEQUENCE_NOT_FOUND || (error.code === DELETE_FAILED && NO_MESSAGE.test(error.message));
}
