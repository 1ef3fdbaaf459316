import { ContainerModule } from 'inversify';
import { AgentActionRelay } from '../domain/command/agent-action-relay.ts';
import { CommandSender } from '../domain/command/command-sender.ts';
import { ControlSimulation } from '../domain/command/control-simulation.ts';
import { ControlSimulations } from '../domain/command/control-simulations.ts';
import { JournalledCommands } from '../domain/command/journalled-commands.ts';
import { PendingCommands } from '../domain/command/pending-commands.ts';
import { SimulationCommands } from '../domain/command/simulation-commands.ts';
import type { SimulationId } from '../domain/ids.ts';
import { EventCounters } from '../domain/ingest/event-counters.ts';
import { EventIntake } from '../domain/ingest/event-intake.ts';
import { LiveFeed } from '../domain/ingest/live-feed.ts';
import { LedgerBook } from '../domain/ledger/ledger-book.ts';
import { Manifests } from '../domain/ledger/manifests.ts';
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
import { Drain } from '../domain/supervision/drain.ts';
import { Recovery } from '../domain/supervision/recovery.ts';
import { RunOutputs } from '../domain/supervision/run-outputs.ts';
import { RunTimeLimit } from '../domain/supervision/run-time-limit.ts';
import { removeSnapshotsWithRecords } from '../domain/supervision/snapshot-keeping.ts';
import { Supervisor } from '../domain/supervision/supervisor.ts';
import { WorkerAuthentication } from '../domain/supervision/worker-authentication.ts';
import { WorkerCalls } from '../domain/supervision/worker-calls.ts';
import { WorkerDirectory } from '../domain/supervision/worker-directory.ts';
import { WorkerTypeBreakers } from '../domain/supervision/worker-type-breakers.ts';
import { logDrain } from './drain-log.ts';
import { RecoveryPart } from './recovery-part.ts';
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
    (channel, codec, ids, clock, state) =>
      new CommandSender({
        channel,
        codec,
        ids,
        clock,
        get orchestratorId() {
          return state.orchestratorId;
        },
      }),
  );

  provide(
    bind,
    t.ANNOUNCEMENTS,
    [t.EVENT_BUS, t.CODEC, t.REGISTRY, t.CLOCK, t.IDS, t.DAEMON_STATE, t.LOG],
    (bus, codec, registry, clock, ids, state, log) => {
      const onFailure = (err: unknown) => log.warn({ err }, 'announcement not published');
      return new Announcements({
        bus,
        codec,
        registry,
        clock,
        ids,
        onFailure,
        get orchestratorId() {
          return state.orchestratorId;
        },
      });
    },
  );

  provide(bind, t.BREAKERS, [t.REGISTRY, t.CLOCK, t.SUPERVISION_LISTENER], (registry, clock, listener) => {
    return new WorkerTypeBreakers({ registry, clock, listener });
  });

  provide(
    bind,
    t.SUPERVISOR,
    [
      t.REGISTRY,
      t.DIRECTORY,
      t.CATALOGUE,
      t.LAUNCHER,
      t.RUN_FILES,
      t.SNAPSHOTS,
      t.BREAKERS,
      t.CHANCE,
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
      snapshots,
      breakers,
      chance,
      sender,
      pending,
      counters,
      clock,
      ids,
      outputs,
      settings,
      messaging,
      listener,
    ) => {
      removeSnapshotsWithRecords(registry, snapshots);
      return new Supervisor({
        registry,
        directory,
        catalogue,
        launcher,
        runFiles,
        snapshots,
        breakers,
        chance,
        sender,
        pending,
        counters,
        clock,
        ids,
        outputs,
        listener,
        limits: settings.limits,
        defaultTransport: messaging.defaultTransport,
      });
    },
  );

  provide(
    bind,
    t.RUN_TIME_LIMIT,
    [t.REGISTRY, t.DIRECTORY, t.SUPERVISOR, t.CLOCK],
    (registry, directory, supervisor, clock) => new RunTimeLimit({ registry, directory, supervisor, clock }),
  );

  provide(
    bind,
    t.RECOVERY,
    [t.REGISTRY, t.DIRECTORY, t.CATALOGUE, t.LAUNCHER, t.RUN_FILES, t.SUPERVISOR, t.CLOCK, t.SETTINGS, t.LOG],
    (registry, directory, catalogue, launcher, runFiles, supervisor, clock, settings, log) => {
      const recovery = new Recovery({ registry, directory, catalogue, launcher, runFiles, supervisor, clock });
      return new RecoveryPart(recovery, launcher, () => settings.config, log);
    },
  );

  provide(bind, t.AUTHENTICATION, [t.DIRECTORY, t.SETTINGS], (directory, settings) => {
    return new WorkerAuthentication(directory, () => settings.config.auth.workers === 'token');
  });

  provide(
    bind,
    t.WORKER_CALLS,
    [t.REGISTRY, t.AUTHENTICATION, t.SUPERVISOR, t.LEDGERS, t.CLOCK, t.SETTINGS],
    (registry, authentication, supervisor, ledgers, clock, settings) =>
      new WorkerCalls({ registry, authentication, supervisor, ledgers, clock, limits: settings.limits }),
  );

  provide(
    bind,
    t.INTAKE,
    [t.EVENT_BUS, t.EVENT_LOG, t.PENDING, t.IDS, t.CLOCK, t.COUNTERS, t.LEDGERS, t.SETTINGS],
    (bus, log, acks, ids, clock, counters, ledgers, settings) => {
      const maxEventBytes = () => settings.limits().maxEventBytes;
      return new EventIntake({ bus, log, acks, ids, clock, counters, ledgers, maxEventBytes });
    },
  );

  provide(
    bind,
    t.LEDGERS,
    [t.REGISTRY, t.EVENT_ARCHIVE, t.CHECKPOINTS, t.CLOCK],
    (registry, archive, checkpoints, clock) => new LedgerBook({ registry, archive, checkpoints, clock }),
  );

  provide(
    bind,
    t.MANIFESTS,
    [t.REGISTRY, t.DIRECTORY, t.INTAKE, t.LEDGERS, t.EVENT_LOG, t.CODEC, t.CLOCK, t.DAEMON_STATE, t.LOG],
    (registry, directory, intake, ledgers, log, codec, clock, state, daemonLog) =>
      new Manifests({
        registry,
        directory,
        intake,
        ledgers,
        log,
        codec,
        clock,
        get orchestratorId() {
          return state.orchestratorId;
        },
        onFailure: (simulationId, err) => daemonLog.warn({ simulationId, err }, 'manifest not written yet'),
      }),
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
      t.MANIFESTS,
      t.AUTHORIZER,
      t.CLOCK,
    ],
    (archive, feed, routes, bus, registry, directory, intake, manifests, authorizer, clock) =>
      new SubscribeToEvents({ archive, feed, routes, bus, registry, directory, intake, manifests, authorizer, clock }),
  );

  provide(
    bind,
    t.RELAY,
    [t.EVENT_BUS, t.CODEC, t.REGISTRY, t.DIRECTORY, t.SENDER],
    (bus, codec, registry, directory, sender) => new AgentActionRelay({ bus, codec, registry, directory, sender }),
  );

  provide(
    bind,
    t.DRAIN,
    [t.DAEMON_STATE, t.REGISTRY, t.SUPERVISOR, t.CATALOGUE, t.CLOCK, t.LOG],
    (state, registry, supervisor, catalogue, clock, log) =>
      new Drain({ state, registry, supervisor, catalogue, clock, listener: (event) => logDrain(log, event) }),
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
      t.BREAKERS,
      t.REQUESTS,
      t.AUTHORIZER,
      t.CLOCK,
      t.IDS,
      t.SETTINGS,
      t.DAEMON_STATE,
    ],
    (registry, archive, idQueue, catalogue, supervisor, breakers, requests, authorizer, clock, ids, settings, state) =>
      new StartSimulation({
        registry,
        archive,
        idQueue,
        catalogue,
        supervisor,
        breakers,
        requests,
        authorizer,
        clock,
        ids,
        limits: settings.limits,
        get orchestratorId() {
          return state.orchestratorId;
        },
        demandAccepting: () => state.demandTaking(),
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
    t.JOURNALLED_COMMANDS,
    [t.COMMAND_JOURNAL, t.COMMANDS, t.CLOCK],
    (journal, commands, clock) => new JournalledCommands({ journal, commands, clock }),
  );

  provide(
    bind,
    t.CONTROL_PARTS,
    [t.REGISTRY, t.COMMANDS, t.REQUESTS, t.JOURNALLED_COMMANDS, t.AUTHORIZER, t.CLOCK],
    (registry, commands, requests, journalled, authorizer, clock) => {
      return { registry, commands, requests, journalled, authorizer, clock };
    },
  );
  provide(bind, t.CONTROL, [t.CONTROL_PARTS], (parts) => new ControlSimulation(parts));
  provide(bind, t.CONTROL_MANY, [t.CONTROL_PARTS], (parts) => new ControlSimulations(parts));

  provide(
    bind,
    t.REMOVE,
    [t.REGISTRY, t.DIRECTORY, t.EVENT_ARCHIVE, t.INTAKE, t.MANIFESTS, t.ID_QUEUE, t.AUTHORIZER],
    (registry, directory, archive, intake, manifests, idQueue, authorizer) =>
      new RemoveSimulation({ registry, directory, archive, intake, manifests, idQueue, authorizer }),
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
