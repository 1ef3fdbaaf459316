/** Who asks, and until when. Every use case takes one, so that authorisation, cancellation and tracing have their place. */
export interface CallContext {
  readonly principal: Principal;
  /** Aborted when the caller has gone, its deadline has passed or the daemon stops. */
  readonly signal: AbortSignal;
  /** W3C trace context as received. */
  readonly traceparent?: string;
}

export interface Principal {
  /** `anonymous` while nothing authenticates clients. Also the scope of request ids. */
  readonly name: string;
}
