import 'reflect-metadata';
import { Container } from 'inversify';
import { ProtobufMessageCodec } from '../../../src/adapters/grpc/protobuf-message-codec.ts';
import { AllowAll } from '../../../src/adapters/system/allow-all.ts';
import { DaemonState } from '../../../src/app/daemon-state.ts';
import { domainModules } from '../../../src/app/modules/domain-modules.ts';
import { Settings } from '../../../src/app/settings.ts';
import { silentLog } from '../../../src/app/silent-log.ts';
import { resolve, type Token } from '../../../src/app/token.ts';
import * as t from '../../../src/app/tokens.ts';
import { recallRequests } from '../../../src/domain/simulation/recovery.ts';
import { Life } from '../harness/life.ts';
import { LifeClock } from '../harness/life-clock.ts';
import type { Surroundings } from '../harness/surroundings.ts';
import { SimulatedCheckpointStore } from '../ports/simulated-checkpoint-store.ts';
import { SimulatedCommandChannel } from '../ports/simulated-command-channel.ts';
import { SimulatedCommandJournal } from '../ports/simulated-command-journal.ts';
import { SimulatedEventBus } from '../ports/simulated-event-bus.ts';
import { SimulatedEventLog } from '../ports/simulated-event-log.ts';
import { SimulatedIds } from '../ports/simulated-ids.ts';
import { SimulatedLauncher } from '../ports/simulated-launcher.ts';
import { SimulatedRunFiles } from '../ports/simulated-run-files.ts';
import { SimulatedSnapshots } from '../ports/simulated-snapshots.ts';
import { simulatedCatalogue } from '../ports/simulated-worker-types.ts';
import { SimulatedRegistryStore } from '../ports/stored-records.ts';

/** As in `src/app/daemon.ts`. */
const MANIFEST_PATIENCE_MS = 3_000;
const ORCHESTRATOR_ID = 'shoal-dst';
const codec = new ProtobufMessageCodec();

/** One life of the daemon: the domain as the daemon wires it, over ports that reach the world. */
export class SimulatedDaemon {
  readonly life: Life;
  readonly clock: LifeClock;
  readonly channel: SimulatedCommandChannel;
  readonly bus: SimulatedEventBus;
  readonly log: SimulatedEventLog;
  readonly #container = new Container({ defaultScope: 'Singleton' });
  readonly #state: DaemonState;
  readonly #listening = Promise.withResolvers<void>();

  constructor(world: Surroundings, number: number) {
    const { scheduler, disk, messaging, plan } = world;
    this.life = new Life(scheduler, number);
    const { life } = this;
    this.clock = new LifeClock(life, world.wall);
    this.bus = new SimulatedEventBus(life, messaging);
    this.log = new SimulatedEventLog(life, this.clock, plan.hasServer ? messaging : disk, world.events);
    this.channel = new SimulatedCommandChannel(life, plan.hasServer ? messaging : undefined, () => world.commandFaults);
    this.#state = new DaemonState({
      version: 'dst',
      startedAtMs: this.clock.nowMs(),
    });
    this.#state.orchestratorId = ORCHESTRATOR_ID;
    this.#bind(t.SETTINGS, new Settings(world.config, '/'));
    this.#bind(t.DAEMON_STATE, this.#state);
    this.#bind(t.CLOCK, this.clock);
    this.#bind(t.IDS, new SimulatedIds(world.counts));
    this.#bind(t.AUTHORIZER, new AllowAll());
    this.#bind(t.CODEC, codec);
    this.#bind(t.REGISTRY_STORE, new SimulatedRegistryStore(life, disk, world.records));
    this.#bind(
      t.RUN_FILES,
      new SimulatedRunFiles(life, disk, world.folders, (workerId) => world.machine.runs(workerId)),
    );
    this.#bind(t.LAUNCHER, new SimulatedLauncher(life, world.machine, () => world.launchFailures));
    this.#bind(t.CATALOGUE, simulatedCatalogue(world.config.current().config, this.#listening.promise));
    this.#bind(t.MESSAGING, { defaultTransport: 'grpc' });
    this.#bind(t.EVENT_BUS, this.bus);
    this.#bind(t.EVENT_LOG, this.log);
    this.#bind(t.EVENT_ARCHIVE, this.log);
    this.#bind(t.COMMAND_CHANNEL, this.channel);
    this.#bind(t.COMMAND_JOURNAL, new SimulatedCommandJournal(life, disk, world.commands));
    this.#bind(t.CHECKPOINTS, new SimulatedCheckpointStore(life, disk, world.checkpoints));
    this.#bind(t.SNAPSHOTS, new SimulatedSnapshots(life, disk, world.snapshots));
    this.#bind(t.CHANCE, () => scheduler.dice.next());
    this.#bind(t.LOG, silentLog);
    this.#bind(t.SUPERVISION_LISTENER, (event: never) => this.#get(t.ANNOUNCEMENTS).supervised(event));
    this.#container.load(...domainModules);
  }

  get authentication() {
    return this.#get(t.AUTHENTICATION);
  }

  get workerCalls() {
    return this.#get(t.WORKER_CALLS);
  }

  get intake() {
    return this.#get(t.INTAKE);
  }

  get registry() {
    return this.#get(t.REGISTRY);
  }

  get start() {
    return this.#get(t.START);
  }

  get control() {
    return this.#get(t.CONTROL);
  }

  get remove() {
    return this.#get(t.REMOVE);
  }

  get watch() {
    return this.#get(t.WATCH);
  }

  get subscribe() {
    return this.#get(t.SUBSCRIBE);
  }

  get directory() {
    return this.#get(t.DIRECTORY);
  }

  /** As `src/app/daemon.ts` starts it. @param listen called when its listeners open */
  async begin(listen: () => void): Promise<void> {
    const { registry } = this;
    await registry.load();
    recallRequests(registry, this.#get(t.REQUESTS), this.clock.nowMs());
    this.watch.begin();
    const announcements = this.#get(t.ANNOUNCEMENTS);
    registry.onChange((change) => {
      const { id, state, reason = '' } = change.after.simulation;
      if (change.before?.state !== state) this.life.scheduler.trace.note(id, 'is', `${state} ${reason}`);
      announcements.changed(change);
    });
    await this.#get(t.RECORD_RETENTION).start();
    await this.#get(t.RECOVERY).start();
    await this.#get(t.LEDGERS).begin();
    const manifests = this.#get(t.MANIFESTS);
    await this.#get(t.JOURNALLED_COMMANDS).open();
    await this.#get(t.RELAY).start();
    this.#listening.resolve();
    listen();
    this.#get(t.RECOVERY).resume();
    this.#get(t.RUN_TIME_LIMIT).begin();
    void manifests.resume();
    this.#state.phase = 'ready';
  }

  /** As SIGTERM stops it. Resolves when no worker is left. */
  async stop(): Promise<void> {
    this.#state.phase = 'stopping';
    await this.#get(t.SUPERVISOR).stopAll({ force: false });
    await this.#get(t.RELAY).stop();
    await this.#get(t.MANIFESTS).end(MANIFEST_PATIENCE_MS);
    await this.#get(t.LEDGERS).end();
    await this.#get(t.RECOVERY).stop();
    await this.#get(t.RECORD_RETENTION).stop();
  }

  #bind<T>(what: Token<T>, value: unknown): void {
    this.#container.bind<T>(what as never).toConstantValue(value as T);
  }

  #get<T>(what: Token<T>): T {
    return resolve(this.#container, what);
  }
}
