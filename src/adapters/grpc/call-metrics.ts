import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';

/** What a listener tells of its connections. */
export interface ConnectionFigures {
  readonly open: number;
  /** Since it started. */
  readonly refused: number;
}

/** How calls ended, by listener, method and status; read by whoever exports metrics. */
export class CallMetrics {
  readonly #counts = new Map<string, number>();
  /** By listener. */
  readonly connections = new Map<string, ConnectionFigures>();

  interceptor(listener: string): ServerInterceptor {
    return (method, call) => {
      let counted = false;
      const count = (code: string): void => {
        if (counted) return;
        counted = true;
        const key = `${listener}\n${method.path}\n${code}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
      };
      // A call that its caller ends gets no status.
      const ending = new ServerListenerBuilder().withOnCancel(() => count('CANCELLED')).build();
      return new ServerInterceptingCall(call, {
        start: (next) => next(ending),
        sendStatus: (result, next) => {
          count(status[result.code] ?? String(result.code));
          next(result);
        },
      });
    };
  }

  *entries(): IterableIterator<{ listener: string; method: string; code: string; count: number }> {
    for (const [key, count] of this.#counts) {
      const [listener = '', method = '', code = ''] = key.split('\n');
      yield { listener, method, code, count };
    }
  }
}
