import type { SimulationId } from '../../domain/ids.ts';
import { SerialQueue } from '../../domain/serial-queue.ts';
import { ShoalError, toShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { RegistryStore, StoredSimulation } from '../../ports/registry-store.ts';
import { type LegacyRecords, takeOver } from './legacy-records.ts';
import { type BucketEntry, RegistryBucket, type RegistryBucketParts } from './registry-bucket.ts';
import { exists, RegistryRecords } from './registry-records.ts';
import { RegistryRepair } from './registry-repair.ts';

/** How long a write waits for a server that is away. */
const OUTAGE_TIMEOUT_MS = 10_000;
/** What a record may grow by after it was created: how its worker ended, where it runs. */
const GROWTH_BYTES = 8 * 1024;

export interface NatsRegistryStoreOptions extends Omit<RegistryBucketParts, 'onReplaced'> {
  /** Whose records are read and changed; known once the daemon has its identity. */
  readonly ownerId: () => string;
  /** Another one for each start. */
  readonly writer: string;
  /** Revisions begin above it: those of a daemon that had another store, or whose newest records are gone. */
  readonly revisionFloor: number;
  /** How long the start tries; Infinity: for ever. */
  readonly startTimeoutMs: number;
  readonly log: Log;
  /** Records that were kept elsewhere until now. */
  readonly legacy?: LegacyRecords;
  /** Default 10 s. */
  readonly outageTimeoutMs?: number;
}

interface Kept {
  readonly stored: StoredSimulation;
  /** Of the bucket, for compare-and-set. */
  readonly sequence: number;
}

/**
 * The registry in a JetStream key-value bucket, which daemons may share: ids are unique over all of them, and each reads and changes only
 * the records of its own. What is held here is what the bucket has acknowledged; a bucket that comes back empty is filled from it (ADR 0017).
 */
export class NatsRegistryStore implements RegistryStore, ManagedPart {
  readonly name = 'nats registry';
  readonly #options: NatsRegistryStoreOptions;
  readonly #bucket: RegistryBucket;
  readonly #records: RegistryRecords;
  readonly #repair: RegistryRepair;
  readonly #kept = new Map<SimulationId, Kept>();
  /** Writes of one simulation follow each other. */
  readonly #turns = new SerialQueue<SimulationId>();
  #revision = 0;
  /** Settles when the write of the revision before has: writes are answered in the order of their revisions. */
  #before: Promise<unknown> = Promise.resolve();
  #stopFollowing: (() => void) | undefined;
  #phase: 'idle' | 'open' | 'closed' = 'idle';

  constructor(options: NatsRegistryStoreOptions) {
    this.#options = options;
    const { connection, config, writer, log } = options;
    const bucketName = config.bucket;
    this.#bucket = new RegistryBucket({
      connection,
      config,
      onReplaced: () => this.#phase === 'open' && this.#repair.lost(this.#kept.keys()),
    });
    const maxMessageBytes = () => connection.server.maxPayloadBytes;
    this.#records = new RegistryRecords({ bucket: this.#bucket, bucketName, writer, maxMessageBytes, log });
    const look = async () => this.#bucket.look(this.#deadline());
    this.#repair = new RegistryRepair({ bucketName, look, restore: (id) => this.#restore(id), log });
  }

  /** Why the last write failed; undefined once one has succeeded again, or none is left to be tried again. */
  get trouble(): string | undefined {
    return this.#repair.trouble;
  }

  /** @throws ShoalError CONFIG_INVALID, BUS_UNAVAILABLE; DATA_DIR_UNUSABLE for an own record that cannot be read */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#phase === 'open') return;
    const { revisionFloor, startTimeoutMs, connection, config, legacy, ownerId, log } = this.#options;
    this.#revision = revisionFloor;
    signal.addEventListener('abort', () => this.#phase === 'idle' && this.#bucket.stop(), { once: true });
    const entries = await this.#bucket.readAll(performance.now() + startTimeoutMs);
    for (const entry of entries) this.#load(entry);
    await takeOver(legacy, {
      isKept: (id) => this.#kept.has(id),
      take: (record) => this.create(record),
      ownerId: ownerId(),
      log,
    });
    this.#phase = 'open';
    this.#stopFollowing = connection.state.onChange((state) => {
      if (state === 'connected') void this.#repair.mend();
    });
    log.info({ bucket: config.bucket, simulations: this.#kept.size }, 'registry is ready');
    const removed = entries.filter(({ value }) => value === undefined).map(({ key }) => key);
    void this.#records.wipe(removed, this.#deadline());
  }

  async stop(): Promise<void> {
    this.#phase = 'closed';
    this.#stopFollowing?.();
    this.#repair.stop();
    this.#bucket.stop();
  }

  async create(simulation: Simulation): Promise<StoredSimulation> {
    return this.#turns.run(simulation.id, async () => {
      if (this.#kept.has(simulation.id)) throw exists(simulation.id);
      return this.#write(simulation, 0, GROWTH_BYTES);
    });
  }

  async get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#kept.get(id)?.stored;
  }

  async update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    return this.#turns.run(simulation.id, async () => {
      const { sequence } = this.#demand(simulation.id, expectedRevision);
      return this.#write(simulation, sequence);
    });
  }

  async remove(id: SimulationId, expectedRevision: number): Promise<void> {
    await this.#turns.run(id, async () => {
      if (!this.#kept.has(id)) return;
      const { sequence } = this.#demand(id, expectedRevision);
      await this.#records.erase(id, sequence, this.#deadline());
      this.#kept.delete(id);
      this.#repair.sure(id);
    });
  }

  async list(): Promise<readonly StoredSimulation[]> {
    return [...this.#kept.values()].map(({ stored }) => stored);
  }

  #deadline(): number {
    if (this.#phase === 'closed') throw new ShoalError('SHUTTING_DOWN', 'the registry is closed; Shoal is stopping');
    return performance.now() + (this.#options.outageTimeoutMs ?? OUTAGE_TIMEOUT_MS);
  }

  #load({ key, sequence, value }: BucketEntry): void {
    if (value === undefined) return;
    const { simulation, revision, writer } = this.#records.decode(key, value);
    const { ownerId, log } = this.#options;
    if (simulation.ownerId !== ownerId()) {
      log.debug({ simulationId: simulation.id, ownerId: simulation.ownerId }, 'record belongs to another daemon');
      return;
    }
    this.#records.knows(writer);
    this.#revision = Math.max(this.#revision, revision);
    this.#kept.set(simulation.id, { stored: { simulation, revision }, sequence });
  }

  /** @param after sequence of the record before; 0: there is none */
  async #write(simulation: Simulation, after: number, roomBytes = 0): Promise<StoredSimulation> {
    const untilMs = this.#deadline();
    this.#revision += 1;
    const stored = { simulation, revision: this.#revision };
    const work = this.#store(stored, after, roomBytes, untilMs);
    const turn = Promise.allSettled([this.#before, work]);
    this.#before = turn;
    await turn;
    return work;
  }

  async #store(stored: StoredSimulation, after: number, roomBytes: number, untilMs: number): Promise<StoredSimulation> {
    const { id } = stored.simulation;
    try {
      const sequence = await this.#records.place(stored, after, untilMs, roomBytes);
      this.#kept.set(id, { stored, sequence });
      this.#repair.sure(id);
      return stored;
    } catch (thrown) {
      const { code, message } = toShoalError(thrown);
      if (code === 'BUS_UNAVAILABLE') this.#repair.failed(id, message);
      throw thrown;
    }
  }

  async #restore(id: SimulationId): Promise<void> {
    await this.#turns.run(id, async () => {
      if (!this.#repair.isUnsure(id)) return;
      const kept = this.#kept.get(id);
      if (kept === undefined) {
        await this.#records.retract(id, this.#deadline());
      } else {
        const sequence = await this.#records.place(kept.stored, kept.sequence, this.#deadline());
        this.#kept.set(id, { ...kept, sequence });
      }
      this.#repair.sure(id);
    });
  }

  #demand(id: SimulationId, expectedRevision: number): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new ShoalError('SIMULATION_NOT_FOUND', `there is no simulation ${id}`);
    const { revision } = kept.stored;
    if (revision === expectedRevision) return kept;
    throw new ShoalError('REVISION_CONFLICT', `simulation ${id} is at revision ${revision}, not ${expectedRevision}`);
  }
}
