import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';

/** Where a worker's commands come from. */
export interface CommandSource {
  /**
   * Resolves once commands arrive, which must be before the worker registers; called again for every registration.
   * Rejects with a gRPC status error or a NATS error, also when `signal` gives up waiting.
   */
  subscribe(
    onCommand: (envelope: GenericEventRequestOutput) => void,
    signal: AbortSignal,
  ): Promise<CommandSubscription>;
  /** No command arrives after it resolves. */
  close(): Promise<void>;
}

export interface CommandSubscription {
  /** Resolves with the reason when no more commands will come through it; never, where it repairs itself. */
  readonly ended: Promise<SubscriptionEnd>;
  cancel(): void;
}

export interface SubscriptionEnd {
  readonly reason: string;
  /** No later attempt can succeed. */
  readonly final: boolean;
}
