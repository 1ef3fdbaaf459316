import type { StoredSimulation } from '../../ports/registry-store.ts';
import type { Simulation } from './simulation.ts';
import type { SimulationChange } from './simulation-registry.ts';

const MAX_REMEMBERED = 10_000;

/** The latest deletions, so that a watcher who was away hears of them. */
export class DeletionMemory {
  readonly #deleted: { readonly atRevision: number; readonly stored: StoredSimulation }[] = [];
  #latest = 0;
  #hasHeard = false;
  /** What was deleted before this revision is not known. */
  #since = 0;

  /** A revision that was there before anything was heard: what was deleted when it was the latest is not known. */
  begin(revision: number): void {
    this.#latest = Math.max(this.#latest, revision);
    this.#since = this.#latest + 1;
  }

  heard({ kind, after }: SimulationChange): void {
    // What the daemon before deleted last may have had higher revisions than all that is left.
    if (!this.#hasHeard && kind !== 'forgotten') {
      this.#hasHeard = true;
      this.#since = Math.max(this.#since, after.revision);
    }
    this.#latest = Math.max(this.#latest, after.revision);
    if (kind !== 'forgotten') return;
    this.#deleted.push({ atRevision: this.#latest, stored: { ...after, simulation: brief(after.simulation) } });
    if (this.#deleted.length <= MAX_REMEMBERED) return;
    this.#since = (this.#deleted.shift()?.atRevision ?? 0) + 1;
  }

  /** What was deleted when or after this revision was the latest; undefined when that is not known, or the revision was never reached. */
  since(revision: number): readonly StoredSimulation[] | undefined {
    if (revision < this.#since || revision > this.#latest) return undefined;
    return this.#deleted.filter(({ atRevision }) => atRevision >= revision).map(({ stored }) => stored);
  }
}

/** Without what is of no use to a watcher, and may be 64 MiB large. */
function brief({ handle: _, request: __, ...simulation }: Simulation): Simulation {
  const { contentType } = simulation.configuration;
  return { ...simulation, configuration: { bytes: new Uint8Array(0), contentType } };
}
