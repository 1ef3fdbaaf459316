import type { WorkerId } from '../domain/ids.ts';

/**
 * Carries command envelopes to workers, over whichever transport a worker listens on.
 *
 * Delivery is not execution: the worker's acknowledgement comes back through {@link CommandAckSink}.
 */
export interface CommandChannel {
  /** Resolves once the worker's transport has taken the bytes. */
  deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery>;
  /** Sends without confirmation, for agent actions: at most once, in order. */
  post(workerId: WorkerId, envelope: Uint8Array): void;
}

/** `unreachable`: nobody listens there, and nothing was sent. `in doubt`: it may have been delivered. */
export type Delivery = 'delivered' | 'unreachable' | 'in doubt';
