import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ConnectionConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { CallMetrics } from './call-metrics.ts';
import { ConnectionGate } from './connection-gate.ts';
import type { GrpcService } from './grpc-service.ts';
import { HealthService } from './health-service.ts';
import { refuseMalformedRequests, withSafeDecoders } from './malformed-requests.ts';
import { reflectionServices } from './reflection-service.ts';
import { refuseLargeMetadata } from './small-metadata.ts';
import { dropUnread } from './unread-answers.ts';

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
  readonly connections: () => ConnectionConfig;
  /** How long a peer may leave an answer unread. Default 30 s. */
  readonly unreadMs?: number;
  readonly log: Log;
  readonly metrics: CallMetrics;
}

const UNREAD_MS = 30_000;

/**
 * How long calls may go on after `stop`; then connections are closed under them. Longer than the token of a worker that has ended
 * lingers: whoever follows one run hears its end.
 */
const STOP_GRACE_MS = 2_500;
/** For the farewell of a connection that is closed under its calls, to a peer that may not listen. */
const FORCE_GRACE_MS = 200;

/** One gRPC address: its services, health and reflection. */
export class GrpcListener implements ManagedPart {
  readonly name: string;
  readonly #options: GrpcListenerOptions;
  readonly #gate: ConnectionGate;
  #server: Server | undefined;
  #injector: ReturnType<Server['createConnectionInjector']> | undefined;
  #health: HealthService | undefined;
  #port = 0;

  constructor(options: GrpcListenerOptions) {
    this.name = options.name;
    this.#options = options;
    const { log, connections, metrics } = options;
    this.#gate = new ConnectionGate({
      maxConnections: () => connections().max,
      onConnection: (socket) => this.#injector?.injectConnection(socket),
      onRefused: (refused) => {
        const fields = { listener: this.name, refused, max: connections().max };
        log.warn(fields, 'connections refused: grpc.connections.max is reached');
      },
      onFailure: (err) => log.error({ listener: this.name, err }, 'connection could not be accepted'),
    });
    metrics.connections.set(this.name, this.#gate);
  }

  /** `host:port` with the port that was taken; a wildcard host is told as loopback. */
  get address(): string {
    const listen = this.#options.listen();
    const host = listen.slice(0, listen.lastIndexOf(':'));
    return `${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { listen, services, maxReceiveBytes, maxConcurrentStreams, connections, log, metrics } = this.#options;
    const { pingEveryMs, pingTimeoutMs, idleMs } = connections();
    const unreadMs = this.#options.unreadMs ?? UNREAD_MS;
    const server = new Server({
      'grpc.max_receive_message_length': maxReceiveBytes(),
      'grpc.max_send_message_length': maxReceiveBytes(),
      'grpc.max_concurrent_streams': maxConcurrentStreams(),
      // A peer that does not answer, be it half-open or stopped, is let go after both.
      'grpc.keepalive_time_ms': pingEveryMs,
      'grpc.keepalive_timeout_ms': pingTimeoutMs,
      'grpc.max_connection_idle_ms': idleMs,
      interceptors: [
        metrics.interceptor(this.name),
        refuseLargeMetadata,
        refuseMalformedRequests,
        dropUnread(unreadMs, (peer) => this.#dropUnread(peer)),
      ],
    });
    const own = services();
    const health = new HealthService(own.map(serviceName));
    const named = [...own, health.service()];
    for (const { definition, implementation } of [...named, ...reflectionServices(named.map(serviceName))]) {
      server.addService(withSafeDecoders(definition), implementation);
    }
    this.#injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    const at = listen().lastIndexOf(':');
    this.#port = await this.#gate.listen(listen().slice(0, at), Number(listen().slice(at + 1))).catch((cause) => {
      throw this.#bindFailure(cause);
    });
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
    this.#gate.close();
    server.tryShutdown(() => {});
    const emptied = this.#gate.emptied();
    if (await endsWithin(emptied, STOP_GRACE_MS)) return;
    server.forceShutdown();
    if (!(await endsWithin(emptied, FORCE_GRACE_MS))) this.#gate.destroy();
  }

  #dropUnread(peer: string): void {
    this.#options.log.warn({ listener: this.name, peer }, 'connection dropped: its peer does not read its answers');
    this.#gate.drop(peer);
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

async function endsWithin(end: Promise<void>, limitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), limitMs);
  return Promise.race([end.then(() => true), late.promise]).finally(() => clearTimeout(timer));
}
