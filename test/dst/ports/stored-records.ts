import type { SimulationId } from '../../../src/domain/ids.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import type { RegistryStore, StoredSimulation } from '../../../src/ports/registry-store.ts';
import type { RecordCheck } from '../checks/record-check.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

/** The registry as it lies on the disk, whichever daemon lives. */
export class StoredRecords {
  readonly #records = new Map<SimulationId, StoredSimulation>();
  readonly #check: RecordCheck;
  #revision = 0;

  constructor(check: RecordCheck) {
    this.#check = check;
  }

  all(): readonly StoredSimulation[] {
    return [...this.#records.values()];
  }

  find(id: SimulationId): StoredSimulation | undefined {
    return this.#records.get(id);
  }

  create(simulation: Simulation): StoredSimulation {
    if (this.#records.has(simulation.id)) {
      throw new ShoalError('SIMULATION_EXISTS', `there is a simulation ${simulation.id} already`);
    }
    this.#check.created(simulation);
    return this.#write(simulation);
  }

  update(simulation: Simulation, expectedRevision: number): StoredSimulation {
    const before = this.#demand(simulation.id, expectedRevision);
    this.#check.changed(before.simulation, simulation);
    return this.#write(simulation);
  }

  remove(id: SimulationId, expectedRevision: number): void {
    if (!this.#records.has(id)) return;
    this.#check.removed(this.#demand(id, expectedRevision).simulation);
    this.#records.delete(id);
  }

  #write(simulation: Simulation): StoredSimulation {
    this.#revision += 1;
    const stored = { simulation, revision: this.#revision };
    this.#records.set(simulation.id, stored);
    return stored;
  }

  #demand(id: SimulationId, expected: number): StoredSimulation {
    const stored = this.#records.get(id);
    if (stored === undefined) throw new ShoalError('SIMULATION_NOT_FOUND', `there is no simulation ${id}`);
    if (stored.revision === expected) return stored;
    throw new ShoalError('REVISION_CONFLICT', `simulation ${id} is at revision ${stored.revision}, not ${expected}`);
  }
}

/** How one life of the daemon reaches them. */
export class SimulatedRegistryStore implements RegistryStore {
  readonly #records: StoredRecords;
  readonly #line: Line;

  constructor(life: Life, disk: Backend, records: StoredRecords) {
    this.#records = records;
    this.#line = new Line(life, disk);
  }

  create(simulation: Simulation): Promise<StoredSimulation> {
    return this.#line.call({ effect: () => this.#records.create(simulation) });
  }

  get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#line.call({ effect: () => this.#records.find(id) });
  }

  update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    return this.#line.call({ effect: () => this.#records.update(simulation, expectedRevision) });
  }

  remove(id: SimulationId, expectedRevision: number): Promise<void> {
    return this.#line.call({ effect: () => this.#records.remove(id, expectedRevision) });
  }

  list(): Promise<readonly StoredSimulation[]> {
    return this.#line.call({ effect: () => this.#records.all() });
  }
}
