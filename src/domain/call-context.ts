import { ShoalError } from './shoal-error.ts';

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

export function cancelled(): ShoalError {
  return new ShoalError('CANCELLED', 'the caller has gone');
}

/** As `work` does, but no longer than the caller is there. */
export async function whileCalled<T>({ signal }: CallContext, work: Promise<T>): Promise<T> {
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(cancelled());
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
