import { ContainerModule } from 'inversify';
import { ProtobufMessageCodec } from '../../adapters/grpc/protobuf-message-codec.ts';
import { PluginCatalogue } from '../../adapters/plugins/plugin-catalogue.ts';
import { KeptSnapshots } from '../../adapters/process/kept-snapshots.ts';
import { PrivateRunFiles } from '../../adapters/process/private-run-files.ts';
import { ProcessLauncher } from '../../adapters/process/process-launcher.ts';
import { WorkerCgroups } from '../../adapters/process/worker-cgroups.ts';
import { DataFolder } from '../../adapters/sqlite/data-folder.ts';
import { AllowAll } from '../../adapters/system/allow-all.ts';
import { DaemonIdentity } from '../../adapters/system/daemon-identity.ts';
import { RandomIds } from '../../adapters/system/random-ids.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import { builtInPlugins } from '../built-in-plugins.ts';
import { checkpointStore, commandJournal, embeddedEventLog, registryStore } from '../data-files.ts';
import { memoryMessaging, natsMessaging } from '../messaging.ts';
import { provide } from '../token.ts';
import * as t from '../tokens.ts';
import { WorkerCommandChannel } from '../worker-command-channel.ts';

/** Every driven port and the adapter that the configuration chose for it. */
export const adapterModule = new ContainerModule(({ bind }) => {
  provide(bind, t.CLOCK, [], () => new SystemClock());
  provide(bind, t.IDENTITY, [t.SETTINGS, t.DATA_FOLDER], ({ config }, folder) => {
    return new DaemonIdentity({ file: (name) => folder.file(name), configuredId: config.orchestratorId });
  });
  provide(bind, t.IDS, [t.IDENTITY], (identity) => new RandomIds(() => identity.tokenKey));
  provide(bind, t.CHANCE, [], () => Math.random);
  provide(bind, t.AUTHORIZER, [], () => new AllowAll());
  provide(bind, t.CODEC, [], () => new ProtobufMessageCodec());
  provide(bind, t.DATA_FOLDER, [t.SETTINGS, t.DAEMON_STATE], ({ config }, { version }) => {
    return new DataFolder({ folder: config.dataDir, version });
  });
  provide(
    bind,
    t.REGISTRY_STORE,
    [t.SETTINGS, t.DATA_FOLDER, t.IDENTITY, t.MESSAGING, t.LOG],
    ({ config }, folder, identity, { connection }, log) => registryStore(config, { folder, identity, connection, log }),
  );
  provide(bind, t.COMMAND_JOURNAL, [t.SETTINGS, t.DATA_FOLDER, t.LOG], ({ config }, folder, log) => {
    return commandJournal(config, folder, log);
  });
  provide(bind, t.CHECKPOINTS, [t.SETTINGS, t.DATA_FOLDER, t.LOG], ({ config }, folder, log) => {
    return checkpointStore(config, folder, log);
  });
  provide(bind, t.SNAPSHOTS, [t.SETTINGS], (settings) => new KeptSnapshots(settings.config.dataDir));
  provide(bind, t.RUN_FILES, [t.SETTINGS], (settings) => new PrivateRunFiles(settings.config.dataDir));

  provide(bind, t.LAUNCHER, [t.CLOCK, t.LOG, t.SETTINGS, t.RUN_FILES], (clock, log, settings, runFiles) => {
    return new ProcessLauncher({
      clock,
      log,
      maxLineBytes: settings.limits().outputLineBytes,
      folderOf: (workerId) => runFiles.folderOf(workerId),
      cgroups: new WorkerCgroups(log),
    });
  });

  provide(bind, t.CATALOGUE, [t.SETTINGS, t.WORKER_ADDRESS, t.LOG], (settings, workerAddress, log) => {
    const { workerTypes, routing, messaging } = settings.config;
    return new PluginCatalogue({
      workerTypes,
      routingRules: routing.rules,
      baseDirectory: settings.baseDirectory,
      builtIns: builtInPlugins,
      endpoints: {
        reachable: () => workerAddress.known,
        grpcAddress: () => workerAddress.current,
        natsUrls: messaging.nats.urls,
      },
      hostEnvironment: process.env,
      log,
    });
  });

  provide(bind, t.MESSAGING, [t.SETTINGS, t.DATA_FOLDER, t.LOG], ({ config }, folder, log) => {
    const { adapter, durability, nats } = config.messaging;
    if (adapter === 'memory') return memoryMessaging(log, embeddedEventLog(config, folder, log));
    return natsMessaging({ config: nats, durability, folder: folder.file('nats'), log });
  });
  provide(bind, t.EVENT_BUS, [t.MESSAGING], ({ bus }) => bus);
  provide(bind, t.EVENT_LOG, [t.MESSAGING], ({ log }) => log);
  provide(bind, t.EVENT_ARCHIVE, [t.MESSAGING], ({ archive }) => archive);
  provide(bind, t.COMMAND_CHANNEL, [t.MESSAGING, t.COMMAND_STREAMS], ({ channel }, streams) => {
    return new WorkerCommandChannel(streams, channel);
  });
});
