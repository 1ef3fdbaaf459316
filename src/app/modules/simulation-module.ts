import { ContainerModule } from 'inversify';
import type { SimulationId } from '../../domain/ids.ts';
import { SerialQueue } from '../../domain/serial-queue.ts';
import { Announcements } from '../../domain/simulation/announcements.ts';
import { ListSimulations } from '../../domain/simulation/list-simulations.ts';
import { RecordRetention } from '../../domain/simulation/record-retention.ts';
import { RemoveSimulation } from '../../domain/simulation/remove-simulation.ts';
import { RequestMemory } from '../../domain/simulation/request-memory.ts';
import { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import { StartSimulation } from '../../domain/simulation/start-simulation.ts';
import { WatchSimulations } from '../../domain/simulation/watch-simulations.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';
import { withIdentity } from './with-identity.ts';

/** The records of all simulations, and the use cases on them. */
export const simulationModule = new ContainerModule(({ bind }) => {
  provide(bind, t.LIMITS, [t.SETTINGS], ({ limits }) => limits);
  provide(bind, t.REGISTRY, [t.REGISTRY_STORE, t.LIMITS], (store, limits) => {
    return new SimulationRegistry(store, () => limits().maxFinalSimulations);
  });
  provide(bind, t.RECORD_RETENTION, [t.REGISTRY, t.CLOCK, t.SETTINGS], (registry, clock, settings) => {
    return new RecordRetention(registry, clock, () => settings.config.retention.simulations.maxAgeMs);
  });
  provide(bind, t.ID_QUEUE, [], () => new SerialQueue<SimulationId>());
  provide(bind, t.REQUESTS, [t.CLOCK], (clock) => new RequestMemory(clock));
  provide(bind, t.LIST, [t.REGISTRY, t.AUTHORIZER], (registry, authorizer) => {
    return new ListSimulations(registry, authorizer);
  });
  provide(bind, t.WATCH, [t.REGISTRY, t.AUTHORIZER], (registry, authorizer) => {
    return new WatchSimulations(registry, authorizer);
  });

  provideFrom(
    bind,
    t.START,
    {
      registry: t.REGISTRY,
      archive: t.EVENT_ARCHIVE,
      idQueue: t.ID_QUEUE,
      catalogue: t.CATALOGUE,
      supervisor: t.SUPERVISOR,
      breakers: t.BREAKERS,
      requests: t.REQUESTS,
      authorizer: t.AUTHORIZER,
      clock: t.CLOCK,
      ids: t.IDS,
      limits: t.LIMITS,
      state: t.DAEMON_STATE,
    },
    ({ state, ...parts }) =>
      new StartSimulation(withIdentity(state, { ...parts, demandAccepting: () => state.demandTaking() })),
  );

  provideFrom(
    bind,
    t.REMOVE,
    {
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      archive: t.EVENT_ARCHIVE,
      intake: t.INTAKE,
      manifests: t.MANIFESTS,
      idQueue: t.ID_QUEUE,
      authorizer: t.AUTHORIZER,
    },
    (parts) => new RemoveSimulation(parts),
  );

  provideFrom(
    bind,
    t.ANNOUNCEMENTS,
    {
      bus: t.EVENT_BUS,
      codec: t.CODEC,
      registry: t.REGISTRY,
      clock: t.CLOCK,
      ids: t.IDS,
      state: t.DAEMON_STATE,
      log: t.LOG,
    },
    ({ state, log, ...parts }) => {
      const onFailure = (err: unknown) => log.warn({ err }, 'announcement not published');
      return new Announcements(withIdentity(state, { ...parts, soon: setImmediate, onFailure }));
    },
  );
});
