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
export function whileCalled<T>({ signal }: CallContext, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled());
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
    const settle = <V>(how: (value: V) => void): ((value: V) => void) => {
      return (value) => {
        signal.removeEventListener('abort', leave);
        how(value);
      };
    };
    work.then(settle(resolve), settle(reject));
  });
}
