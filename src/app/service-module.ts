import { ContainerModule } from 'inversify';
import { adminService } from '../adapters/grpc/admin-service.ts';
import { CallMetrics } from '../adapters/grpc/call-metrics.ts';
import { CallPlaces } from '../adapters/grpc/call-places.ts';
import type { FailureListener } from '../adapters/grpc/calls.ts';
import { clientService, clientServiceDefinition } from '../adapters/grpc/client-service.ts';
import { CommandStreams } from '../adapters/grpc/command-streams.ts';
import { EventCalls } from '../adapters/grpc/event-calls.ts';
import { GrpcListener } from '../adapters/grpc/grpc-listener.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { WorkerOutputCalls } from '../adapters/grpc/worker-output-calls.ts';
import { workerService, workerServiceDefinition } from '../adapters/grpc/worker-service.ts';
import { HttpListener } from '../adapters/http/http-listener.ts';
import { PrometheusMetrics, type Reading, single } from '../adapters/prometheus/prometheus-metrics.ts';
import { portHolder } from '../adapters/system/port-holder.ts';
import type { AgentActionRelay } from '../domain/command/agent-action-relay.ts';
import type { LiveFeed } from '../domain/ingest/live-feed.ts';
import { toShoalError } from '../domain/shoal-error.ts';
import type { SimulationRegistry } from '../domain/simulation/simulation-registry.ts';
import type { SupervisionEvent, SupervisionListener } from '../domain/supervision/supervision-event.ts';
import type { Log } from '../ports/log.ts';
import type { DaemonState } from './daemon-state.ts';
import { logSupervision } from './supervision-log.ts';
import { provide } from './token.ts';
import * as t from './tokens.ts';
import { WorkerAddress } from './worker-address.ts';

/** Room for a request beyond the batch that it carries, so that a batch over its limit is answered and not cut off. */
const RECEIVE_FACTOR = 2;

/** What faces outwards: the gRPC and HTTP addresses, and what they tell of the daemon. */
export const serviceModule = new ContainerModule(({ bind }) => {
  provide(bind, t.CALL_METRICS, [], () => new CallMetrics());
  provide(bind, t.CALL_FAILURES, [t.LOG], callFailures);
  provide(bind, t.WORKER_ADDRESS, [], () => new WorkerAddress());

  provide(
    bind,
    t.SUPERVISION_LISTENER,
    [t.LOG, t.ANNOUNCEMENTS, t.METRICS, t.REGISTRY],
    (log, announcements, metrics, registry): SupervisionListener => {
      return (event) => {
        logSupervision(log, event);
        announcements.supervised(event);
        metrics.supervised(event, workerTypeOf(event, registry));
      };
    },
  );

  provide(bind, t.COMMAND_STREAMS, [t.AUTHENTICATION, t.CALL_FAILURES], (authentication, onFailure) => {
    return new CommandStreams(authentication, onFailure);
  });

  provide(
    bind,
    t.WORKER_LISTENER,
    [t.AUTHENTICATION, t.WORKER_CALLS, t.INTAKE, t.COMMAND_STREAMS, t.SETTINGS, t.CALL_METRICS, t.CALL_FAILURES, t.LOG],
    (authentication, workers, intake, commands, settings, metrics, onFailure, log) => {
      const tokensRequired = () => settings.config.auth.workers === 'token';
      const events = new EventCalls({ intake, authentication, tokensRequired, limits: settings.limits, onFailure });
      const implementation = workerService({
        authentication,
        workers,
        events,
        commands,
        natsUrls: () => settings.config.messaging.nats.urls,
        heartbeatIntervalMs: () => settings.limits().heartbeatIntervalMs,
        onFailure,
      });
      return new GrpcListener({
        name: 'worker grpc',
        configKey: 'grpc.worker.listen',
        listen: () => settings.config.grpc.worker.listen,
        services: () => [{ definition: workerServiceDefinition(), implementation }],
        maxReceiveBytes: () => RECEIVE_FACTOR * settings.limits().maxBatchBytes,
        maxConcurrentStreams: () => settings.limits().maxStreamsPerConnection,
        connections: () => settings.config.grpc.connections,
        portHolder,
        log,
        metrics,
      });
    },
  );

  provide(
    bind,
    t.CLIENT_LISTENER,
    [
      t.START,
      t.CONTROL,
      t.CONTROL_MANY,
      t.LIST,
      t.REMOVE,
      t.WATCH,
      t.REGISTRY,
      t.CATALOGUE,
      t.BREAKERS,
      t.AUTHORIZER,
      t.SUBSCRIBE,
      t.OUTPUTS,
      t.DAEMON_STATE,
      t.DRAIN,
      t.MESSAGING,
      t.SETTINGS,
      t.METRICS,
      t.CALL_METRICS,
      t.CALL_FAILURES,
      t.LOG,
    ],
    (
      start,
      control,
      controlMany,
      list,
      remove,
      watch,
      registry,
      catalogue,
      breakers,
      authorizer,
      subscriptions,
      outputs,
      state,
      drain,
      messaging,
      settings,
      metrics,
      callMetrics,
      onFailure,
      log,
    ) => {
      const { OrchestratorAdminService } = loadProtos().tree.fes.orchestration.v1;
      const places = new CallPlaces<string>({
        name: 'limits.max_subscriptions',
        max: () => settings.limits().maxSubscriptions,
        cure: 'end a SubscribeToEvents, WatchSimulations or ReadWorkerOutput, or raise it',
      });
      const client = clientService({
        start,
        control,
        controlMany,
        list,
        remove,
        watch,
        registry,
        catalogue,
        breakers,
        authorizer,
        subscriptions,
        outputs: new WorkerOutputCalls({ registry, outputs, authorizer, places, onFailure }),
        places,
        onCommand: (command, result, seconds) => metrics.command(command, result, seconds),
        onFailure,
      });
      const info = () => ({
        version: state.version,
        orchestratorId: state.orchestratorId,
        startedAtMs: state.startedAtMs,
        messagingAdapter: settings.config.messaging.adapter,
        draining: state.draining || state.phase === 'stopping',
        durability: messaging.log.durability,
        natsServerVersion: messaging.serverVersion(),
      });
      return new GrpcListener({
        name: 'client grpc',
        configKey: 'grpc.client.listen',
        listen: () => settings.config.grpc.client.listen,
        services: () => [
          { definition: clientServiceDefinition(), implementation: client },
          {
            definition: OrchestratorAdminService.service as never,
            implementation: adminService({
              info,
              drain,
              demandNotStopping: () => state.demandNotStopping(),
              authorizer,
              onFailure,
            }),
          },
        ],
        maxReceiveBytes: () => RECEIVE_FACTOR * settings.limits().maxBatchBytes,
        maxConcurrentStreams: () => settings.limits().maxStreamsPerConnection,
        connections: () => settings.config.grpc.connections,
        portHolder,
        log,
        metrics: callMetrics,
      });
    },
  );

  provide(
    bind,
    t.METRICS,
    [t.REGISTRY, t.COUNTERS, t.CALL_METRICS, t.RELAY, t.LIVE_FEED, t.DAEMON_STATE, t.MESSAGING],
    (registry, counters, calls, relay, feed, state, messaging) =>
      new PrometheusMetrics({
        registry,
        counters,
        readings: [
          grpcReading(calls),
          ...connectionReadings(calls),
          ...relayReadings(relay),
          feedReading(feed),
          drainReading(state),
          ...messaging.readings,
        ],
      }),
  );

  provide(
    bind,
    t.HTTP,
    [t.SETTINGS, t.METRICS, t.DAEMON_STATE, t.MESSAGING, t.REGISTRY_STORE, t.LOG],
    (settings, metrics, state, messaging, registry, log) => {
      return new HttpListener({
        listen: () => settings.config.http.listen,
        metrics: () => metrics.text(),
        notReady: () =>
          notReady(state.phase, messaging.trouble() ?? registry.trouble ?? (state.draining ? 'draining' : undefined)),
        portHolder,
        log,
      });
    },
  );
});

/** One that starts may have to wait for its NATS server, and says so. */
function notReady(phase: string, trouble: string | undefined): string | undefined {
  if (phase === 'ready') return trouble;
  return phase === 'starting' && trouble !== undefined ? `starting: ${trouble}` : phase;
}

function workerTypeOf(event: SupervisionEvent, registry: SimulationRegistry): string {
  if ('worker' in event) return event.worker.type.config.name;
  if (event.kind === 'breaker-moved') return event.workerType;
  return registry.find(event.simulationId)?.workerType ?? 'forgotten';
}

/** What a caller is at fault for is its business; what we are at fault for is logged, once, here. */
function callFailures(log: Log): FailureListener {
  return (method, thrown) => {
    const error = toShoalError(thrown);
    if (error.code === 'INVARIANT_BROKEN') log.error({ method, err: error.cause ?? error }, 'call failed');
    else log.debug({ method, code: error.code, reason: error.message }, 'call refused');
  };
}

function relayReadings(relay: AgentActionRelay): Reading[] {
  return [
    single('shoal_agent_actions_relayed_total', 'Actions of agents passed on.', 'counter', () => relay.relayed),
    single(
      'shoal_agent_actions_dropped_total',
      'Actions of agents that were malformed, or whose simulation was neither RUNNING nor PAUSED.',
      'counter',
      () => relay.dropped,
    ),
  ];
}

function feedReading(feed: LiveFeed): Reading {
  return single('shoal_event_subscribers', 'SubscribeToEvents calls that are open.', 'gauge', () => feed.subscribers);
}

function drainReading(state: DaemonState): Reading {
  const help = '1 while no new simulations are taken and the present ones go on, else 0.';
  return single('shoal_draining', help, 'gauge', () => (state.draining ? 1 : 0));
}

function connectionReadings({ connections }: CallMetrics): Reading[] {
  const labels = ['listener'];
  const of = (figure: 'open' | 'refused') => () =>
    [...connections].map(([listener, figures]) => ({ labels: { listener }, value: figures[figure] }));
  const refused = 'gRPC connections that were closed as they came, for grpc.connections.max was reached.';
  return [
    {
      name: 'shoal_grpc_connections',
      help: 'gRPC connections that are open.',
      kind: 'gauge',
      labels,
      read: of('open'),
    },
    { name: 'shoal_grpc_connections_refused_total', help: refused, kind: 'counter', labels, read: of('refused') },
  ];
}

function grpcReading(calls: CallMetrics): Reading {
  return {
    name: 'shoal_grpc_calls_total',
    help: 'gRPC calls that ended, by listener, method and status.',
    kind: 'counter',
    labels: ['listener', 'method', 'code'],
    *read() {
      for (const { count, ...labels } of calls.entries()) yield { labels, value: count };
    },
  };
}
