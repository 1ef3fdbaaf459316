import { ContainerModule } from 'inversify';
import { adminService } from '../../adapters/grpc/admin-service.ts';
import { CallPlaces } from '../../adapters/grpc/call-places.ts';
import { clientService, clientServiceDefinition } from '../../adapters/grpc/client-service.ts';
import { GrpcListener } from '../../adapters/grpc/grpc-listener.ts';
import { loadProtos } from '../../adapters/grpc/proto-loading.ts';
import { WorkerOutputCalls } from '../../adapters/grpc/worker-output-calls.ts';
import { portHolder } from '../../adapters/system/port-holder.ts';
import type { DaemonState } from '../daemon-state.ts';
import type { Messaging } from '../messaging.ts';
import type { Settings } from '../settings.ts';
import { provideFrom } from '../token.ts';
import * as t from '../tokens.ts';
import { clientBounds } from './grpc-bounds.ts';

/** The address at which clients and operators call. */
export const clientModule = new ContainerModule(({ bind }) => {
  provideFrom(
    bind,
    t.SUBSCRIPTION_PLACES,
    { limits: t.LIMITS },
    ({ limits }) =>
      new CallPlaces<string>({
        name: 'limits.max_subscriptions',
        max: () => limits().maxSubscriptions,
        cure: 'end a SubscribeToEvents, WatchSimulations or ReadWorkerOutput, or raise it',
      }),
  );

  provideFrom(
    bind,
    t.CLIENT_SERVICE,
    {
      start: t.START,
      control: t.CONTROL,
      controlMany: t.CONTROL_MANY,
      list: t.LIST,
      remove: t.REMOVE,
      watch: t.WATCH,
      registry: t.REGISTRY,
      catalogue: t.CATALOGUE,
      breakers: t.BREAKERS,
      authorizer: t.AUTHORIZER,
      subscriptions: t.SUBSCRIBE,
      runOutputs: t.OUTPUTS,
      places: t.SUBSCRIPTION_PLACES,
      metrics: t.METRICS,
      onFailure: t.CALL_FAILURES,
    },
    ({ runOutputs, metrics, ...parts }) => ({
      definition: clientServiceDefinition(),
      implementation: clientService({
        ...parts,
        outputs: new WorkerOutputCalls({ ...parts, outputs: runOutputs }),
        onCommand: (command, result, seconds) => metrics.command(command, result, seconds),
      }),
    }),
  );

  provideFrom(
    bind,
    t.ADMIN_SERVICE,
    {
      state: t.DAEMON_STATE,
      settings: t.SETTINGS,
      messaging: t.MESSAGING,
      drain: t.DRAIN,
      authorizer: t.AUTHORIZER,
      onFailure: t.CALL_FAILURES,
    },
    ({ state, settings, messaging, ...parts }) => ({
      definition: loadProtos().tree.fes.orchestration.v1.OrchestratorAdminService.service as never,
      implementation: adminService({
        ...parts,
        info: () => infoOf(state, settings, messaging),
        demandNotStopping: () => state.demandNotStopping(),
      }),
    }),
  );

  provideFrom(
    bind,
    t.CLIENT_LISTENER,
    { client: t.CLIENT_SERVICE, admin: t.ADMIN_SERVICE, settings: t.SETTINGS, metrics: t.CALL_METRICS, log: t.LOG },
    ({ client, admin, settings, metrics, log }) =>
      new GrpcListener({
        name: 'client grpc',
        configKey: 'grpc.client.listen',
        listen: () => settings.config.grpc.client.listen,
        services: () => [client, admin],
        ...clientBounds(settings),
        portHolder,
        log,
        metrics,
      }),
  );
});

function infoOf(state: DaemonState, settings: Settings, messaging: Messaging) {
  const { version, orchestratorId, startedAtMs, draining, phase } = state;
  return {
    version,
    orchestratorId,
    startedAtMs,
    messagingAdapter: settings.config.messaging.adapter,
    draining: draining || phase === 'stopping',
    durability: messaging.log.durability,
    natsServerVersion: messaging.serverVersion(),
  };
}
