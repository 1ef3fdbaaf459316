import { ContainerModule } from 'inversify';
import { CallMetrics } from '../../adapters/grpc/call-metrics.ts';
import { PrometheusMetrics, type Reading, single } from '../../adapters/prometheus/prometheus-metrics.ts';
import type { AgentActionRelay } from '../../domain/command/agent-action-relay.ts';
import type { LiveFeed } from '../../domain/ingest/live-feed.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import type { SupervisionEvent, SupervisionListener } from '../../domain/supervision/supervision-event.ts';
import type { DaemonState } from '../daemon-state.ts';
import { logSupervision } from '../supervision-log.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';

/** What the daemon tells of itself: figures, and who hears of what its workers do. */
export const metricsModule = new ContainerModule(({ bind }) => {
  provide(bind, t.CALL_METRICS, [], () => new CallMetrics());

  provideFrom(
    bind,
    t.SUPERVISION_LISTENER,
    { log: t.LOG, announcements: t.ANNOUNCEMENTS, metrics: t.METRICS, registry: t.REGISTRY },
    ({ log, announcements, metrics, registry }): SupervisionListener => {
      return (event) => {
        logSupervision(log, event);
        announcements.supervised(event);
        metrics.supervised(event, workerTypeOf(event, registry));
      };
    },
  );

  provideFrom(
    bind,
    t.METRICS,
    {
      registry: t.REGISTRY,
      counters: t.COUNTERS,
      calls: t.CALL_METRICS,
      relay: t.RELAY,
      feed: t.LIVE_FEED,
      state: t.DAEMON_STATE,
      messaging: t.MESSAGING,
    },
    ({ registry, counters, calls, relay, feed, state, messaging }) => {
      const readings = [
        grpcReading(calls),
        ...connectionReadings(calls),
        ...relayReadings(relay),
        feedReading(feed),
        drainReading(state),
        ...messaging.readings,
      ];
      return new PrometheusMetrics({ registry, counters, readings });
    },
  );
});

function workerTypeOf(event: SupervisionEvent, registry: SimulationRegistry): string {
  if ('worker' in event) return event.worker.type.config.name;
  if (event.kind === 'breaker-moved') return event.workerType;
  return registry.find(event.simulationId)?.workerType ?? 'forgotten';
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
