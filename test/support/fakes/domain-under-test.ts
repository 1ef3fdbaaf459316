import { ProtobufMessageCodec } from '../../../src/adapters/grpc/protobuf-message-codec.ts';
import { InMemoryCheckpointStore } from '../../../src/adapters/memory/in-memory-checkpoint-store.ts';
import { InMemoryCommandJournal } from '../../../src/adapters/memory/in-memory-command-journal.ts';
import { InMemoryEventLog } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { InMemoryRegistryStore } from '../../../src/adapters/memory/in-memory-registry-store.ts';
import { AllowAll } from '../../../src/adapters/system/allow-all.ts';
import type { CallContext } from '../../../src/domain/call-context.ts';
import { AgentActionRelay } from '../../../src/domain/command/agent-action-relay.ts';
import { CommandSender } from '../../../src/domain/command/command-sender.ts';
import { ControlSimulation } from '../../../src/domain/command/control-simulation.ts';
import { ControlSimulations } from '../../../src/domain/command/control-simulations.ts';
import { JournalledCommands } from '../../../src/domain/command/journalled-commands.ts';
import { PendingCommands } from '../../../src/domain/command/pending-commands.ts';
import { SimulationCommands } from '../../../src/domain/command/simulation-commands.ts';
import type { LimitsConfig } from '../../../src/domain/configuration.ts';
import type { SimulationId } from '../../../src/domain/ids.ts';
import { EventCounters } from '../../../src/domain/ingest/event-counters.ts';
import { EventIntake } from '../../../src/domain/ingest/event-intake.ts';
import { LedgerBook } from '../../../src/domain/ledger/ledger-book.ts';
import { Manifests } from '../../../src/domain/ledger/manifests.ts';
import { SerialQueue } from '../../../src/domain/serial-queue.ts';
import { Announcements } from '../../../src/domain/simulation/announcements.ts';
import { ListSimulations } from '../../../src/domain/simulation/list-simulations.ts';
import { RemoveSimulation } from '../../../src/domain/simulation/remove-simulation.ts';
import { RequestMemory } from '../../../src/domain/simulation/request-memory.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import { type SimulationChange, SimulationRegistry } from '../../../src/domain/simulation/simulation-registry.ts';
import { type StartRequest, StartSimulation } from '../../../src/domain/simulation/start-simulation.ts';
import { WatchSimulations } from '../../../src/domain/simulation/watch-simulations.ts';
import { Recovery } from '../../../src/domain/supervision/recovery.ts';
import { RunOutputs } from '../../../src/domain/supervision/run-outputs.ts';
import { RunTimeLimit } from '../../../src/domain/supervision/run-time-limit.ts';
import { removeSnapshotsWithRecords } from '../../../src/domain/supervision/snapshot-keeping.ts';
import type { SupervisionEvent } from '../../../src/domain/supervision/supervision-event.ts';
import { Supervisor } from '../../../src/domain/supervision/supervisor.ts';
import type { Worker } from '../../../src/domain/supervision/worker.ts';
import { WorkerAuthentication } from '../../../src/domain/supervision/worker-authentication.ts';
import { WorkerCalls } from '../../../src/domain/supervision/worker-calls.ts';
import { WorkerDirectory } from '../../../src/domain/supervision/worker-directory.ts';
import { WorkerTypeBreakers } from '../../../src/domain/supervision/worker-type-breakers.ts';
import type { WorkerType } from '../../../src/domain/worker-type.ts';
import type { Authorizer } from '../../../src/ports/authorizer.ts';
import type { CommandJournal } from '../../../src/ports/command-journal.ts';
import type { RegistryStore } from '../../../src/ports/registry-store.ts';
import { CountedIds } from './counted-ids.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCatalogue, fakeWorkerType } from './fake-worker-type.ts';
import { type AckFields, commandAck } from './messages.ts';
import { RecordingBus } from './recording-bus.ts';
import { RecordingCommandChannel, type SentCommand } from './recording-command-channel.ts';
import { RecordingEventLog } from './recording-event-log.ts';
import { RecordingRunFiles } from './recording-run-files.ts';
import { RecordingSnapshots } from './recording-snapshots.ts';
import { ScriptedLauncher, type ScriptedProgram } from './scripted-launcher.ts';
import { settle } from './settle.ts';

const limits: LimitsConfig = {
  maxSimulations: 10_000,
  maxEventBytes: 1_040_384,
  maxBatchEvents: 1_000,
  maxBatchBytes: 3_145_728,
  maxInFlightBatches: 8,
  maxStreamsPerConnection: 1_000,
  maxSubscriptions: 1_000,
  maxStarting: 1_000,
  commandTimeoutMs: 10_000,
  heartbeatIntervalMs: 2_000,
  maxRunConfigBytes: 65_536,
  maxLabels: 16,
  outputLines: 100,
  outputLineBytes: 8_192,
  maxFinalSimulations: 10_000,
};

export interface DomainOptions {
  readonly types?: readonly WorkerType[];
  readonly limits?: Partial<LimitsConfig>;
  readonly store?: RegistryStore;
  readonly journal?: CommandJournal;
  readonly authorizer?: Authorizer;
  readonly clock?: FakeClock;
  readonly tokensRequired?: boolean;
  /** The daemon before, which was killed: its records, its programs and their files are there. */
  readonly before?: DomainUnderTest;
}

export function anyone(name = 'anonymous', signal: AbortSignal = new AbortController().signal): CallContext {
  return { principal: { name }, signal };
}

/** The whole domain, wired as the daemon wires it, over ports that a test plays. The first worker type is the default one. */
export class DomainUnderTest {
  readonly clock: FakeClock;
  readonly ids: CountedIds;
  readonly bus = new RecordingBus();
  readonly log = new RecordingEventLog();
  readonly launcher: ScriptedLauncher;
  readonly channel = new RecordingCommandChannel();
  readonly runFiles: RecordingRunFiles;
  readonly snapshots = new RecordingSnapshots();
  readonly codec = new ProtobufMessageCodec();
  readonly counters = new EventCounters();
  readonly directory = new WorkerDirectory();
  readonly catalogue: FakeCatalogue;
  readonly registry: SimulationRegistry;
  readonly store: RegistryStore;
  readonly recovery: Recovery;
  /** Counts from the start, unless there was a daemon before: then the test begins it. */
  readonly runTimeLimit: RunTimeLimit;
  readonly outputs: RunOutputs;
  readonly pending: PendingCommands;
  readonly sender: CommandSender;
  readonly breakers: WorkerTypeBreakers;
  readonly supervisor: Supervisor;
  /** The jitter of restarts; half is none. */
  chance = 0.5;
  readonly authentication: WorkerAuthentication;
  readonly workerCalls: WorkerCalls;
  readonly requests: RequestMemory;
  readonly intake: EventIntake;
  readonly manifests: Manifests;
  readonly relay: AgentActionRelay;
  /** Of its own: nothing is in it unless a test appends it. */
  readonly archive = new InMemoryEventLog({ maxEntries: 1_000 });
  readonly start: StartSimulation;
  readonly remove: RemoveSimulation;
  readonly journal: CommandJournal;
  readonly journalled: JournalledCommands;
  readonly control: ControlSimulation;
  readonly controlMany: ControlSimulations;
  readonly list: ListSimulations;
  readonly watch: WatchSimulations;
  readonly announcements: Announcements;
  /** In the order in which the supervisor told them. */
  readonly events: SupervisionEvent[] = [];
  readonly changes: SimulationChange[] = [];
  readonly announcementFailures: unknown[] = [];
  /** What `demandAccepting` throws. */
  refusal: unknown;
  readonly #limits: LimitsConfig;
  readonly #type: WorkerType;

  constructor(options: DomainOptions = {}) {
    const types = options.types ?? [fakeWorkerType('fish')];
    const [type] = types;
    if (type === undefined) throw new Error('a domain needs a worker type');
    this.#type = type;
    this.#limits = { ...limits, ...options.limits };
    this.ids = options.before?.ids ?? new CountedIds();
    this.launcher = options.before?.launcher ?? new ScriptedLauncher();
    this.runFiles = options.before?.runFiles ?? new RecordingRunFiles();
    this.store = options.store ?? options.before?.store ?? new InMemoryRegistryStore();
    const { ids, bus, log, launcher, channel, runFiles, codec, counters, directory } = this;
    const currentLimits = () => this.#limits;
    const orchestratorId = 'shoal-test';
    this.clock = options.clock ?? new FakeClock();
    const { clock } = this;
    this.catalogue = new FakeCatalogue(types);
    const { catalogue } = this;
    const authorizer = options.authorizer ?? new AllowAll();
    this.registry = new SimulationRegistry(this.store, () => this.#limits.maxFinalSimulations);
    const { registry } = this;
    registry.onChange((change) => this.changes.push(change));
    this.outputs = new RunOutputs(registry);
    const { outputs } = this;
    this.pending = new PendingCommands(codec);
    const { pending } = this;
    this.sender = new CommandSender({ channel, codec, ids, clock, orchestratorId });
    const { sender } = this;
    this.announcements = new Announcements({
      bus,
      codec,
      registry,
      clock,
      ids,
      orchestratorId,
      soon: (work) => work(),
      onFailure: (error) => this.announcementFailures.push(error),
    });
    const listener = (event: SupervisionEvent) => void this.events.push(event);
    this.breakers = new WorkerTypeBreakers({ registry, clock, listener });
    const { breakers, snapshots } = this;
    removeSnapshotsWithRecords(registry, snapshots);
    this.supervisor = new Supervisor({
      snapshots,
      breakers,
      chance: () => this.chance,
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
      limits: currentLimits,
      defaultTransport: 'grpc',
      listener,
    });
    const { supervisor } = this;
    this.recovery = new Recovery({ registry, directory, catalogue, launcher, runFiles, supervisor, clock });
    this.authentication = new WorkerAuthentication(directory, () => options.tokensRequired ?? true);
    const { authentication } = this;
    const checkpoints = new InMemoryCheckpointStore();
    const ledgers = new LedgerBook({ registry, archive: this.archive, checkpoints, clock });
    this.workerCalls = new WorkerCalls({
      registry,
      authentication,
      supervisor,
      ledgers,
      clock,
      limits: currentLimits,
    });
    this.requests = new RequestMemory(clock);
    const { requests } = this;
    this.intake = new EventIntake({
      bus,
      log,
      acks: pending,
      ids,
      clock,
      counters,
      ledgers,
      maxEventBytes: () => this.#limits.maxEventBytes,
    });
    const { intake } = this;
    const onFailure = () => {};
    const manifestParts = { registry, directory, intake, ledgers, log, codec, clock, orchestratorId, onFailure };
    this.manifests = new Manifests(manifestParts);
    this.relay = new AgentActionRelay({ bus, codec, registry, directory, sender });
    const idQueue = new SerialQueue<SimulationId>();
    this.start = new StartSimulation({
      registry,
      idQueue,
      archive: this.archive,
      catalogue,
      supervisor,
      breakers,
      requests,
      authorizer,
      clock,
      ids,
      limits: currentLimits,
      orchestratorId,
      demandAccepting: () => {
        if (this.refusal !== undefined) throw this.refusal;
      },
    });
    this.remove = new RemoveSimulation({
      registry,
      directory,
      archive: this.archive,
      intake: this.intake,
      manifests: this.manifests,
      idQueue,
      authorizer,
    });
    const commands = new SimulationCommands({
      registry,
      directory,
      supervisor,
      sender,
      pending,
      clock,
      commandTimeoutMs: () => this.#limits.commandTimeoutMs,
    });
    this.journal =
      options.journal ?? options.before?.journal ?? new InMemoryCommandJournal({ nowMs: () => clock.nowMs() });
    this.journalled = new JournalledCommands({ journal: this.journal, commands, clock });
    const { journalled } = this;
    this.control = new ControlSimulation({ registry, commands, requests, journalled, authorizer, clock });
    this.controlMany = new ControlSimulations({ registry, commands, requests, journalled, authorizer, clock });
    this.watch = new WatchSimulations(registry, authorizer);
    this.watch.begin();
    this.runTimeLimit = new RunTimeLimit({ registry, directory, supervisor, clock });
    if (options.before === undefined) this.runTimeLimit.begin();
    this.list = new ListSimulations(registry, authorizer);
  }

  startRequest(request: Partial<StartRequest> = {}): StartRequest {
    return {
      simulationId: '',
      workerType: this.#type.config.name,
      labels: {},
      startPaused: false,
      requestId: '',
      fingerprint: '',
      ...request,
    };
  }

  /** Starts a simulation and lets its launch go as far as the launcher lets it. */
  async launch(request: Partial<StartRequest> = {}): Promise<SimulationId> {
    const { simulation } = await this.start.run(anyone(), this.startRequest(request));
    await settle();
    return simulation.id;
  }

  /** Starts a simulation whose worker registers. */
  async run(request: Partial<StartRequest> = {}): Promise<SimulationId> {
    const id = await this.launch(request);
    await this.register(id);
    return id;
  }

  async register(id: SimulationId, supportedCommands: readonly string[] = []): Promise<void> {
    await this.workerCalls.register(this.worker(id), { simulationId: id, supportedCommands });
    await settle();
  }

  simulation(id: SimulationId): Simulation {
    return this.registry.get(id);
  }

  state(id: SimulationId): string {
    return this.registry.get(id).state;
  }

  /** The worker that holds the simulation now, alive or not. */
  worker(id: SimulationId): Worker {
    const { workerId } = this.registry.get(id);
    const worker = workerId === undefined ? undefined : this.directory.byId(workerId);
    if (worker === undefined) throw new Error(`simulation ${id} has no worker`);
    return worker;
  }

  program(id: SimulationId): ScriptedProgram {
    return this.launcher.of(this.registry.get(id).workerId);
  }

  /** The states that the simulation went through, in order. */
  history(id: SimulationId): string[] {
    const states = this.changes
      .filter(({ after }) => after.simulation.id === id)
      .map(({ after }) => after.simulation.state);
    return states.filter((state, at) => state !== states[at - 1]);
  }

  /** The worker acknowledges a command. */
  async acknowledge(command: Pick<SentCommand, 'workerId' | 'id'>, ack: AckFields = {}): Promise<void> {
    this.pending.acknowledge({
      workerId: command.workerId,
      commandId: command.id,
      payload: commandAck({ ok: true, ...ack }),
    });
    await settle();
  }

  /** The last command that was sent. */
  lastCommand(): SentCommand {
    const command = this.channel.sent.at(-1);
    if (command === undefined) throw new Error('no command was sent');
    return command;
  }
}
