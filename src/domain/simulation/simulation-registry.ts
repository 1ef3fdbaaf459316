import type { RegistryStore, StoredSimulation } from '../../ports/registry-store.ts';
import type { SimulationId } from '../ids.ts';
import { SerialQueue } from '../serial-queue.ts';
import { ShoalError } from '../shoal-error.ts';
import { LiveFigureTable } from './live-figures.ts';
import type { Simulation } from './simulation.ts';
import { isFinal, type SimulationState } from './simulation-state.ts';
import type { SimulationView } from './simulation-view.ts';

/** A simulation was created, changed or forgotten; heard in the order of its revisions. */
export interface SimulationChange {
  readonly kind: 'created' | 'changed' | 'forgotten';
  readonly before?: Simulation;
  /** The last that is known of it, when it is forgotten. */
  readonly after: StoredSimulation;
}

export type ChangeListener = (change: SimulationChange) => void;

/**
 * All simulations that this daemon owns. The store is the truth; what is held here is a cache of it, written
 * only after the store has taken the change.
 */
export class SimulationRegistry {
  readonly figures = new LiveFigureTable();
  readonly #store: RegistryStore;
  readonly #maxFinal: () => number;
  readonly #cache = new Map<SimulationId, StoredSimulation>();
  readonly #changes = new SerialQueue<SimulationId>();
  readonly #listeners = new Set<ChangeListener>();

  constructor(store: RegistryStore, maxFinalSimulations: () => number) {
    this.#store = store;
    this.#maxFinal = maxFinalSimulations;
  }

  /** Reads what the store remembers. Called once, before anything else. */
  async load(): Promise<void> {
    for (const stored of await this.#store.list()) {
      const { id, figures } = stored.simulation;
      this.#cache.set(id, stored);
      if (figures !== undefined) this.figures.restore(id, figures);
    }
  }

  /** @throws ShoalError SIMULATION_EXISTS */
  async create(simulation: Simulation): Promise<StoredSimulation> {
    const created = await this.#changes.run(simulation.id, async () => {
      const after = await this.#store.create(simulation);
      this.#publish({ kind: 'created', after });
      return after;
    });
    await this.forgetFinal();
    return created;
  }

  find(id: SimulationId): Simulation | undefined {
    return this.#cache.get(id)?.simulation;
  }

  /** @throws ShoalError SIMULATION_NOT_FOUND */
  get(id: SimulationId): Simulation {
    return this.#stored(id).simulation;
  }

  /** @throws ShoalError SIMULATION_NOT_FOUND */
  view(id: SimulationId): SimulationView {
    return this.#viewOf(this.#stored(id));
  }

  *views(): IterableIterator<SimulationView> {
    for (const stored of this.#cache.values()) yield this.#viewOf(stored);
  }

  *simulations(): IterableIterator<Simulation> {
    for (const { simulation } of this.#cache.values()) yield simulation;
  }

  /**
   * Changes a simulation by a pure function of its present record; changes of one simulation never interleave. A
   * function that returns the record it was given changes nothing.
   *
   * @throws ShoalError SIMULATION_NOT_FOUND, or what `next` throws
   */
  async change(id: SimulationId, next: (present: Simulation) => Simulation): Promise<Simulation> {
    return this.#changes.run(id, async () => {
      const { simulation: before, revision } = this.#stored(id);
      const simulation = next(before);
      if (simulation === before) return before;
      const figures = this.figures.recordOf(id);
      const after = await this.#store.update(figures === undefined ? simulation : { ...simulation, figures }, revision);
      this.#publish({ kind: 'changed', before, after });
      return after.simulation;
    });
  }

  /** Forgets a simulation that is final, for ever. @throws ShoalError SIMULATION_NOT_FOUND, ILLEGAL_TRANSITION */
  async remove(id: SimulationId): Promise<void> {
    await this.#changes.run(id, async () => {
      const { state } = this.get(id);
      if (!isFinal(state)) throw notOver(id, state);
      await this.#forget(id);
    });
  }

  /**
   * Forgets those that ended before a time, and keeps the number of final simulations bounded: those that ended first go
   * first. What the store does not let go now is tried again the next time; never rejects.
   */
  async forgetFinal(endedBeforeMs = Number.NEGATIVE_INFINITY): Promise<void> {
    const endedAtMs = ({ simulation }: StoredSimulation) => simulation.endedAtMs ?? 0;
    const final = [...this.#cache.values()]
      .filter(({ simulation }) => isFinal(simulation.state))
      .sort((a, b) => endedAtMs(a) - endedAtMs(b));
    const surplus = final.length - this.#maxFinal();
    const gone = final.filter((stored, at) => at < surplus || endedAtMs(stored) < endedBeforeMs);
    await Promise.allSettled(gone.map(({ simulation: { id } }) => this.#changes.run(id, () => this.#forget(id))));
  }

  /** @returns a function that ends it */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves with the first record that satisfies `condition`, which may be the present one. Rejects with the signal's
   * reason.
   *
   * @throws ShoalError SIMULATION_NOT_FOUND, also when it is forgotten meanwhile
   */
  async until(
    id: SimulationId,
    condition: (simulation: Simulation) => boolean,
    signal?: AbortSignal,
  ): Promise<Simulation> {
    const present = this.get(id);
    if (condition(present)) return present;
    return new Promise((resolve, reject) => {
      const stop = this.onChange(({ kind, after }) => {
        if (after.simulation.id !== id) return;
        if (kind !== 'forgotten' && !condition(after.simulation)) return;
        finish();
        if (kind === 'forgotten') reject(notFound(id));
        else resolve(after.simulation);
      });
      const abort = () => {
        finish();
        reject(signal?.reason);
      };
      const finish = () => {
        stop();
        signal?.removeEventListener('abort', abort);
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort);
    });
  }

  #stored(id: SimulationId): StoredSimulation {
    const stored = this.#cache.get(id);
    if (stored === undefined) throw notFound(id);
    return stored;
  }

  #viewOf({ simulation, revision }: StoredSimulation): SimulationView {
    return { simulation, revision, figures: this.figures.of(simulation.id) };
  }

  #publish(change: SimulationChange): void {
    if (change.kind !== 'forgotten') this.#cache.set(change.after.simulation.id, change.after);
    for (const listener of this.#listeners) listener(change);
  }

  async #forget(id: SimulationId): Promise<void> {
    const stored = this.#cache.get(id);
    if (stored === undefined) return;
    await this.#store.remove(id, stored.revision);
    this.#cache.delete(id);
    this.figures.forget(id);
    this.#publish({ kind: 'forgotten', before: stored.simulation, after: stored });
  }
}

export function notOver(id: SimulationId, state: SimulationState): ShoalError {
  return new ShoalError(
    'ILLEGAL_TRANSITION',
    `simulation ${id} is ${state}; stop it first: only one that is COMPLETED, FAILED or STOPPED can be removed`,
    { metadata: { simulation_id: id, state } },
  );
}

export function notFound(id: SimulationId): ShoalError {
  return new ShoalError(
    'SIMULATION_NOT_FOUND',
    `there is no simulation ${id}; \`shoal ls\` lists those that there are`,
    { metadata: { simulation_id: id } },
  );
}
