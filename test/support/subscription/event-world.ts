import { InMemoryCheckpointStore } from '../../../src/adapters/memory/in-memory-checkpoint-store.ts';
import { InMemoryRegistryStore } from '../../../src/adapters/memory/in-memory-registry-store.ts';
import { AllowAll } from '../../../src/adapters/system/allow-all.ts';
import { RandomIds } from '../../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../../src/adapters/system/system-clock.ts';
import { parseSimulationId, parseWorkerId, type SimulationId } from '../../../src/domain/ids.ts';
import { EventCounters } from '../../../src/domain/ingest/event-counters.ts';
import { EventIntake } from '../../../src/domain/ingest/event-intake.ts';
import { IngestWorker } from '../../../src/domain/ingest/ingest-worker.ts';
import { LiveFeed } from '../../../src/domain/ingest/live-feed.ts';
import { LedgerBook } from '../../../src/domain/ledger/ledger-book.ts';
import { SimulationRegistry } from '../../../src/domain/simulation/simulation-registry.ts';
import { EventRoutes } from '../../../src/domain/subscription/event-routes.ts';
import { SubscribeToEvents } from '../../../src/domain/subscription/subscribe-to-events.ts';
import { WorkerDirectory } from '../../../src/domain/supervision/worker-directory.ts';
import type { WorkerType } from '../../../src/domain/worker-type.ts';
import type { Authorizer } from '../../../src/ports/authorizer.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { EventArchive } from '../../../src/ports/event-archive.ts';
import type { EventBus } from '../../../src/ports/event-bus.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { FakeCatalogue } from '../fakes/fake-worker-type.ts';

export interface EventWorldParts {
  readonly bus: EventBus;
  readonly log: EventLog;
  readonly archive: EventArchive;
  readonly types: readonly WorkerType[];
  /** Default: the time of day. */
  readonly clock?: Clock;
  readonly authorizer?: Authorizer;
}

/** Where events go, from the intake to subscribers, wired as the daemon wires it; runs are records without processes. */
export class EventWorld {
  readonly archive: EventArchive;
  readonly feed: LiveFeed;
  readonly subscriptions: SubscribeToEvents;
  readonly #registry = new SimulationRegistry(new InMemoryRegistryStore(), () => 1_000);
  readonly #catalogue: FakeCatalogue;
  readonly #intake: EventIntake;
  readonly #workers = new Map<SimulationId, IngestWorker>();

  constructor({ bus, log, archive, types, clock = new SystemClock(), authorizer = new AllowAll() }: EventWorldParts) {
    this.archive = archive;
    this.#catalogue = new FakeCatalogue(types);
    const counters = new EventCounters();
    const ids = new RandomIds();
    const acks = { acknowledge: () => {} };
    const registry = this.#registry;
    const ledgers = new LedgerBook({ registry, archive, checkpoints: new InMemoryCheckpointStore(), clock });
    this.#intake = new EventIntake({ bus, log, acks, ids, clock, counters, ledgers, maxEventBytes: () => 1_000_000 });
    const routes = new EventRoutes(registry, this.#catalogue);
    this.feed = new LiveFeed(bus, routes);
    this.subscriptions = new SubscribeToEvents({
      archive,
      bus,
      clock,
      registry,
      routes,
      feed: this.feed,
      directory: new WorkerDirectory(),
      intake: this.#intake,
      manifests: { written: async () => {} },
      authorizer,
    });
  }

  async begin(id: string, workerType: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    const simulationId = parseSimulationId(id);
    await this.#registry.create({
      id: simulationId,
      workerType,
      state: 'RUNNING',
      labels,
      configuration: { contentType: 'application/json', bytes: new Uint8Array(0) },
      startPaused: false,
      ownerId: 'shoal-test',
      createdAtMs: Date.now(),
      incarnation: 1,
      restarts: 0,
    });
    const type = this.#catalogue.get(workerType);
    if (type === undefined) throw new Error(`no worker type ${workerType}`);
    this.#workers.set(
      simulationId,
      new IngestWorker({
        workerId: parseWorkerId(`w-${id}`),
        simulationId,
        workerType,
        routes: type.routes,
        figures: this.#registry.figures.of(simulationId),
        counters: new EventCounters(),
        revoked: new AbortController().signal,
      }),
    );
  }

  async report(id: string, envelopes: readonly Uint8Array[]): Promise<void> {
    const worker = this.#workers.get(parseSimulationId(id));
    if (worker === undefined) throw new Error(`no simulation ${id}`);
    const { rejected } = await this.#intake.accept(worker, envelopes);
    if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected[0])}`);
  }

  async end(id: string): Promise<void> {
    await this.#registry.change(parseSimulationId(id), (present) => ({ ...present, state: 'COMPLETED' }));
  }
}
