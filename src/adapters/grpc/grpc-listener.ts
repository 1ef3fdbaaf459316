import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { CallMetrics } from './call-metrics.ts';
import type { GrpcService } from './grpc-service.ts';
import { HealthService } from './health-service.ts';
import { refuseMalformedRequests, withSafeDecoders } from './malformed-requests.ts';
import { reflectionServices } from './reflection-service.ts';

export interface GrpcListenerOptions {
  readonly name: string;
  /** `host:port`; read when it starts. */
  readonly listen: () => string;
  /** The key that names it in the configuration, for messages. */
  readonly configKey: string;
  /** Who listens on a port already, for messages; undefined when it cannot be told. */
  readonly portHolder: (port: number) => string | undefined;
  readonly services: () => readonly GrpcService[];
  readonly maxReceiveBytes: () => number;
  readonly maxConcurrentStreams: () => number;
  readonly log: Log;
  readonly metrics: CallMetrics;
}

/**
 * How long calls may go on after `stop`; then connections are closed under them. Longer than the token of a worker that has ended
 * lingers: whoever follows one run hears its end.
 */
const STOP_GRACE_MS = 2_500;

/** One gRPC address: its services, health and reflection. */
export class GrpcListener implements ManagedPart {
  readonly name: string;
  readonly #options: GrpcListenerOptions;
  #server: Server | undefined;
  #health: HealthService | undefined;
  #port = 0;

  constructor(options: GrpcListenerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** `host:port` with the port that was taken; a wildcard host is told as loopback. */
  get address(): string {
    const listen = this.#options.listen();
    const host = listen.slice(0, listen.lastIndexOf(':'));
    return `${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { listen, services, maxReceiveBytes, maxConcurrentStreams, log, metrics } = this.#options;
    const server = new Server({
      'grpc.max_receive_message_length': maxReceiveBytes(),
      'grpc.max_send_message_length': maxReceiveBytes(),
      'grpc.max_concurrent_streams': maxConcurrentStreams(),
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
      interceptors: [metrics.interceptor(this.name), refuseMalformedRequests],
    });
    const own = services();
    const health = new HealthService(own.map(serviceName));
    const named = [...own, health.service()];
    for (const { definition, implementation } of [...named, ...reflectionServices(named.map(serviceName))]) {
      server.addService(withSafeDecoders(definition), implementation);
    }
    this.#port = await bind(server, listen(), (error) => this.#bindFailure(error));
    this.#server = server;
    this.#health = health;
    health.set('SERVING');
    log.info({ listener: this.name, address: this.address }, 'grpc listener started');
  }

  /** Tells health checks and watchers to turn elsewhere; calls are answered as before. */
  announceStop(): void {
    this.#health?.set('NOT_SERVING');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#health?.close();
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => {
        server.forceShutdown();
        resolve();
      }, STOP_GRACE_MS);
      server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
  }

  #bindFailure(cause: Error): ShoalError {
    const { listen, configKey, portHolder } = this.#options;
    const holder = portHolder(Number(listen().slice(listen().lastIndexOf(':') + 1)));
    const by = holder === undefined ? '' : ` (held by ${holder})`;
    return new ShoalError('CONFIG_INVALID', `${configKey}: cannot listen on ${listen()}${by}: ${cause.message}`, {
      cause,
      metadata: { key: configKey, listen: listen() },
    });
  }
}

function serviceName({ definition }: GrpcService): string {
  const [method] = Object.values(definition);
  return method?.path.split('/')[1] ?? '';
}

function bind(server: Server, listen: string, toError: (cause: Error) => ShoalError): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(toError(error));
    });
  });
}
