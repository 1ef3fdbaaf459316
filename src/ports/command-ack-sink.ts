import type { WorkerId } from '../domain/ids.ts';

/** Acknowledgements of commands enter here, whatever transport carried them. An unknown command id is ignored: it was answered before. */
export interface CommandAckSink {
  acknowledge(ack: ReceivedAck): void;
}

export interface ReceivedAck {
  /** The worker that acknowledges, from its token, never from the message. */
  readonly workerId: WorkerId;
  /** `correlation_id` of the envelope. */
  readonly commandId: string;
  /** An encoded `CommandAck`. */
  readonly payload: Uint8Array;
}
