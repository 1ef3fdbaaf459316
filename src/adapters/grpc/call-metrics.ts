import { ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';

/** How calls ended, by listener, method and status; read by whoever exports metrics. */
export class CallMetrics {
  readonly #counts = new Map<string, number>();

  interceptor(listener: string): ServerInterceptor {
    return (method, call) =>
      new ServerInterceptingCall(call, {
        sendStatus: (result, next) => {
          const key = `${listener}\n${method.path}\n${status[result.code] ?? result.code}`;
          this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
          next(result);
        },
      });
  }

  *entries(): IterableIterator<{ listener: string; method: string; code: string; count: number }> {
    for (const [key, count] of this.#counts) {
      const [listener = '', method = '', code = ''] = key.split('\n');
      yield { listener, method, code, count };
    }
  }
}
