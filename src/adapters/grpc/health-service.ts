import { type handleServerStreamingCall, type handleUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { HealthCheckRequestOutput } from './generated/grpc/health/v1/HealthCheckRequest.ts';
import type { HealthCheckResponse } from './generated/grpc/health/v1/HealthCheckResponse.ts';
import type { GrpcService } from './grpc-service.ts';
import { loadProtos } from './proto-loading.ts';

type ServingStatus = 'SERVING' | 'NOT_SERVING';
type WatchCall = ServerWritableStream<HealthCheckRequestOutput, HealthCheckResponse>;

/** grpc.health.v1.Health: all services of a listener serve, or none does. The empty name is the listener itself. */
export class HealthService {
  readonly #names: ReadonlySet<string>;
  readonly #watchers = new Set<WatchCall>();
  #status: ServingStatus = 'NOT_SERVING';

  constructor(serviceNames: readonly string[]) {
    this.#names = new Set(['', ...serviceNames]);
  }

  set(status: ServingStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    for (const call of this.#watchers) call.write({ status });
  }

  /** Ends all watches, so that they do not hold a shutdown up. */
  close(): void {
    this.set('NOT_SERVING');
    for (const call of this.#watchers) call.end();
    this.#watchers.clear();
  }

  service(): GrpcService {
    const definition = loadProtos().tree.grpc.health.v1.Health.service as unknown as GrpcService['definition'];
    return { definition, implementation: { check: this.#check(), watch: this.#watch(), list: this.#list() } };
  }

  #check(): handleUnaryCall<HealthCheckRequestOutput, HealthCheckResponse> {
    return ({ request }, callback) => {
      if (this.#names.has(request.service)) callback(null, { status: this.#status });
      else callback({ code: status.NOT_FOUND, details: `there is no service ${JSON.stringify(request.service)} here` });
    };
  }

  #watch(): handleServerStreamingCall<HealthCheckRequestOutput, HealthCheckResponse> {
    return (call) => {
      const isKnown = this.#names.has(call.request.service);
      call.write({ status: isKnown ? this.#status : 'SERVICE_UNKNOWN' });
      if (!isKnown) return;
      this.#watchers.add(call);
      call.on('cancelled', () => this.#watchers.delete(call));
    };
  }

  #list(): handleUnaryCall<unknown, { statuses: Record<string, HealthCheckResponse> }> {
    return (_call, callback) => {
      callback(null, {
        statuses: Object.fromEntries([...this.#names].map((name) => [name, { status: this.#status }])),
      });
    };
  }
}
