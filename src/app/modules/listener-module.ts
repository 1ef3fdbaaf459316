import { ContainerModule } from 'inversify';
import type { FailureListener } from '../../adapters/grpc/calls.ts';
import { CommandStreams } from '../../adapters/grpc/command-streams.ts';
import { EventCalls } from '../../adapters/grpc/event-calls.ts';
import { GrpcListener } from '../../adapters/grpc/grpc-listener.ts';
import { workerService, workerServiceDefinition } from '../../adapters/grpc/worker-service.ts';
import { HttpListener } from '../../adapters/http/http-listener.ts';
import { portHolder } from '../../adapters/system/port-holder.ts';
import { toShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';
import { WorkerAddress } from '../worker-address.ts';
import { workerBounds } from './grpc-bounds.ts';

/** The addresses at which workers and scrapers call. */
export const listenerModule = new ContainerModule(({ bind }) => {
  provide(bind, t.CALL_FAILURES, [t.LOG], callFailures);
  provide(bind, t.WORKER_ADDRESS, [], () => new WorkerAddress());
  provide(bind, t.COMMAND_STREAMS, [t.AUTHENTICATION, t.CALL_FAILURES], (authentication, onFailure) => {
    return new CommandStreams(authentication, onFailure);
  });

  provideFrom(
    bind,
    t.WORKER_LISTENER,
    {
      authentication: t.AUTHENTICATION,
      workers: t.WORKER_CALLS,
      intake: t.INTAKE,
      commands: t.COMMAND_STREAMS,
      settings: t.SETTINGS,
      metrics: t.CALL_METRICS,
      onFailure: t.CALL_FAILURES,
      log: t.LOG,
    },
    ({ authentication, workers, intake, commands, settings, metrics, onFailure, log }) => {
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
        ...workerBounds(settings),
        portHolder,
        log,
        metrics,
      });
    },
  );

  provideFrom(
    bind,
    t.HTTP,
    {
      settings: t.SETTINGS,
      metrics: t.METRICS,
      state: t.DAEMON_STATE,
      messaging: t.MESSAGING,
      registry: t.REGISTRY_STORE,
      log: t.LOG,
    },
    ({ settings, metrics, state, messaging, registry, log }) =>
      new HttpListener({
        listen: () => settings.config.http.listen,
        metrics: () => metrics.text(),
        notReady: () =>
          notReady(state.phase, messaging.trouble() ?? registry.trouble ?? (state.draining ? 'draining' : undefined)),
        portHolder,
        log,
      }),
  );
});

/** One that starts may have to wait for its NATS server, and says so. */
function notReady(phase: string, trouble: string | undefined): string | undefined {
  if (phase === 'ready') return trouble;
  return phase === 'starting' && trouble !== undefined ? `starting: ${trouble}` : phase;
}

/** What a caller is at fault for is its business; what we are at fault for is logged, once, here. */
function callFailures(log: Log): FailureListener {
  return (method, thrown) => {
    const error = toShoalError(thrown);
    if (error.code === 'INVARIANT_BROKEN') log.error({ method, err: error.cause ?? error }, 'call failed');
    else log.debug({ method, code: error.code, reason: error.message }, 'call refused');
  };
}
