import { ContainerModule } from 'inversify';
import { AgentActionRelay } from '../domain/command/agent-action-relay.ts';
import { CommandSender } from '../domain/command/command-sender.ts';
import { ControlSimulation } from '../domain/command/control-simulation.ts';
import { ControlSimulations } from '../domain/command/control-simulations.ts';
import { PendingCommands } from '../domain/command/pending-commands.ts';
import { SimulationCommands } from '../domain/command/simulation-commands.ts';
import type { SimulationId } from '../domain/ids.ts';
import { EventCounters } from '../domain/ingest/event-counters.ts';
import { EventIntake } from '../domain/ingest/event-intake.ts';
import { LiveFeed } from '../domain/ingest/live-feed.ts';
import { SerialQueue } from '../domain/serial-queue.ts';
import { Announcements } from '../domain/simulation/announcements.ts';
import { ListSimulations } from '../domain/simulation/list-simulations.ts';
import { RecordRetention } from '../domain/simulation/record-retention.ts';
import { RemoveSimulation } from '../domain/simulation/remove-simulation.ts';
import { RequestMemory } from '../domain/simulation/request-memory.ts';
import { SimulationRegistry } from '../domain/simulation/simulation-registry.ts';
import { StartSimulation } from '../domain/simulation/start-simulation.ts';
import { WatchSimulations } from '../domain/simulation/watch-simulations.ts';
import { EventRoutes } from '../domain/subscription/event-routes.ts';
import { SubscribeToEvents } from '../domain/subscription/subscribe-to-events.ts';
import { RunOutputs } from '../domain/supervision/run-outputs.ts';
import { RunTimeLimit } from '../domain/supervision/run-time-limit.ts';
import { Supervisor } from '../domain/supervision/supervisor.ts';
import { WorkerAuthentication } from '../domain/supervision/worker-authentication.ts';
import { WorkerCalls } from '../domain/supervision/worker-calls.ts';
import { WorkerDirectory } from '../domain/supervision/worker-directory.ts';
import { provide } from './token.ts';
import * as t from './tokens.ts';

/** The domain: registry, supervision, commands, ingest, and the use cases on them. */
export const domainModule = new ContainerModule(({ bind }) => {
  provide(bind, t.REGISTRY, [t.REGISTRY_STORE, t.SETTINGS], (store, settings) => {
    return new SimulationRegistry(store, () => settings.limits().maxFinalSimulations);
  });
  provide(bind, t.RECORD_RETENTION, [t.REGISTRY, t.CLOCK, t.SETTINGS], (registry, clock, settings) => {
    return new RecordRetention(registry, clock, () => settings.config.retention.simulations.maxAgeMs);
  });
  provide(bind, t.ID_QUEUE, [], () => new SerialQueue<SimulationId>());
  provide(bind, t.DIRECTORY, [], () => new WorkerDirectory());
  provide(bind, t.COUNTERS, [], () => new EventCounters());
  provide(bind, t.PENDING, [t.CODEC], (codec) => new PendingCommands(codec));
  provide(bind, t.OUTPUTS, [t.REGISTRY], (registry) => new RunOutputs(registry));
  provide(bind, t.REQUESTS, [t.CLOCK], (clock) => new RequestMemory(clock));
  provide(bind, t.EVENT_ROUTES, [t.REGISTRY, t.CATALOGUE], (registry, catalogue) => {
    return new EventRoutes(registry, catalogue);
  });
  provide(bind, t.LIVE_FEED, [t.EVENT_BUS, t.EVENT_ROUTES], (bus, routes) => new LiveFeed(bus, routes));

  provide(
    bind,
    t.SENDER,
    [t.COMMAND_CHANNEL, t.CODEC, t.IDS, t.CLOCK, t.DAEMON_STATE],
    (channel, codec, ids, clock, { orchestratorId }) =>
      new CommandSender({ channel, codec, ids, clock, orchestratorId }),
  );

  provide(
    bind,
    t.ANNOUNCEMENTS,
    [t.EVENT_BUS, t.CODEC, t.REGISTRY, t.CLOCK, t.IDS, t.DAEMON_STATE, t.LOG],
    (bus, codec, registry, clock, ids, { orchestratorId }, log) => {
      const onFailure = (err: unknown) => log.warn({ err }, 'announcement not published');
      return new Announcements({ bus, codec, registry, clock, ids, orchestratorId, onFailure });
    },
  );

  provide(
    bind,
    t.SUPERVISOR,
    [
      t.REGISTRY,
      t.DIRECTORY,
      t.CATALOGUE,
      t.LAUNCHER,
      t.RUN_FILES,
      t.SENDER,
      t.PENDING,
      t.COUNTERS,
      t.CLOCK,
      t.IDS,
      t.OUTPUTS,
      t.SETTINGS,
      t.MESSAGING,
      t.SUPERVISION_LISTENER,
    ],
    (
      registry,
      directory,
      catalogue,
      launcher,
      runFiles,
      sender,
      pending,
      counters,
      clock,
      ids,
      outputs,
      settings,
      messaging,
      listener,
    ) =>
      new Supervisor({
        registry,
        directory,
        catalogue,
        launcher,
        runFiles,
        sender,
        pending,
        counters,
        clock,
        ids,
        outputs,
        listener,
        limits: settings.limits,
        defaultTransport: messaging.defaultTransport,
      }),
  );

  provide(
    bind,
    t.RUN_TIME_LIMIT,
    [t.REGISTRY, t.DIRECTORY, t.SUPERVISOR, t.CLOCK],
    (registry, directory, supervisor, clock) => new RunTimeLimit({ registry, directory, supervisor, clock }),
  );

  provide(bind, t.AUTHENTICATION, [t.DIRECTORY, t.SETTINGS], (directory, settings) => {
    return new WorkerAuthentication(directory, () => settings.config.auth.workers === 'token');
  });

  provide(
    bind,
    t.WORKER_CALLS,
    [t.REGISTRY, t.AUTHENTICATION, t.SUPERVISOR, t.SETTINGS],
    (registry, authentication, supervisor, settings) =>
      new WorkerCalls({ registry, authentication, supervisor, limits: settings.limits }),
  );

  provide(
    bind,
    t.INTAKE,
    [t.EVENT_BUS, t.EVENT_LOG, t.PENDING, t.IDS, t.CLOCK, t.COUNTERS, t.SETTINGS],
    (bus, log, acks, ids, clock, counters, settings) =>
      new EventIntake({ bus, log, acks, ids, clock, counters, maxEventBytes: () => settings.limits().maxEventBytes }),
  );

  provide(
    bind,
    t.SUBSCRIBE,
    [
      t.EVENT_ARCHIVE,
      t.LIVE_FEED,
      t.EVENT_ROUTES,
      t.EVENT_BUS,
      t.REGISTRY,
      t.DIRECTORY,
      t.INTAKE,
      t.AUTHORIZER,
      t.CLOCK,
    ],
    (archive, feed, routes, bus, registry, directory, intake, authorizer, clock) =>
      new SubscribeToEvents({ archive, feed, routes, bus, registry, directory, intake, authorizer, clock }),
  );

  provide(
    bind,
    t.RELAY,
    [t.EVENT_BUS, t.CODEC, t.REGISTRY, t.DIRECTORY, t.SENDER],
    (bus, codec, registry, directory, sender) => new AgentActionRelay({ bus, codec, registry, directory, sender }),
  );

  provide(
    bind,
    t.START,
    [
      t.REGISTRY,
      t.EVENT_ARCHIVE,
      t.ID_QUEUE,
      t.CATALOGUE,
      t.SUPERVISOR,
      t.REQUESTS,
      t.AUTHORIZER,
      t.CLOCK,
      t.IDS,
      t.SETTINGS,
      t.DAEMON_STATE,
    ],
    (registry, archive, idQueue, catalogue, supervisor, requests, authorizer, clock, ids, settings, state) =>
      new StartSimulation({
        registry,
        archive,
        idQueue,
        catalogue,
        supervisor,
        requests,
        authorizer,
        clock,
        ids,
        limits: settings.limits,
        orchestratorId: state.orchestratorId,
        demandAccepting: () => state.demandNotStopping(),
      }),
  );

  provide(
    bind,
    t.COMMANDS,
    [t.REGISTRY, t.DIRECTORY, t.SUPERVISOR, t.SENDER, t.PENDING, t.CLOCK, t.SETTINGS],
    (registry, directory, supervisor, sender, pending, clock, settings) =>
      new SimulationCommands({
        registry,
        directory,
        supervisor,
        sender,
        pending,
        clock,
        commandTimeoutMs: () => settings.limits().commandTimeoutMs,
      }),
  );

  provide(
    bind,
    t.CONTROL_PARTS,
    [t.REGISTRY, t.COMMANDS, t.REQUESTS, t.AUTHORIZER, t.CLOCK],
    (registry, commands, requests, authorizer, clock) => ({ registry, commands, requests, authorizer, clock }),
  );
  provide(bind, t.CONTROL, [t.CONTROL_PARTS], (parts) => new ControlSimulation(parts));
  provide(bind, t.CONTROL_MANY, [t.CONTROL_PARTS], (parts) => new ControlSimulations(parts));

  provide(
    bind,
    t.REMOVE,
    [t.REGISTRY, t.DIRECTORY, t.EVENT_ARCHIVE, t.INTAKE, t.ID_QUEUE, t.AUTHORIZER],
    (registry, directory, archive, intake, idQueue, authorizer) =>
      new RemoveSimulation({ registry, directory, archive, intake, idQueue, authorizer }),
  );

  provide(
    bind,
    t.LIST,
    [t.REGISTRY, t.AUTHORIZER],
    (registry, authorizer) => new ListSimulations(registry, authorizer),
  );

  provide(
    bind,
    t.WATCH,
    [t.REGISTRY, t.AUTHORIZER],
    (registry, authorizer) => new WatchSimulations(registry, authorizer),
  );
});
