import { ignore } from '../ignore.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { without } from '../without.ts';
import type { SupervisionListener } from './supervision-event.ts';
import type { Worker } from './worker.ts';

/** Tells of ticks that stand: in the record's message for as long as they do, and to the listener. */
export class StallReports {
  readonly #registry: SimulationRegistry;
  readonly #listener: SupervisionListener;
  readonly #messages = new WeakMap<Worker, string>();

  constructor(registry: SimulationRegistry, listener: SupervisionListener) {
    this.#registry = registry;
    this.#listener = listener;
  }

  stalled(worker: Worker, tick: bigint, stallMs: number): void {
    const message = `its tick has stood at ${tick} for ${stallMs} ms (limits.stall_timeout); after as long again its worker is ended`;
    this.#messages.set(worker, message);
    this.#change(worker, (present) => (present.state === 'RUNNING' ? { ...present, message } : present));
    this.#listener({ kind: 'stalled', worker, message });
  }

  recovered(worker: Worker): void {
    const said = this.#messages.get(worker);
    this.#messages.delete(worker);
    this.#change(worker, (present) => (present.message === said ? without(present, 'message') : present));
    this.#listener({ kind: 'tick-moves', worker });
  }

  /** What cannot be written now has been told to the listener. */
  #change(worker: Worker, next: (present: Simulation) => Simulation): void {
    const id = worker.assignment?.simulationId;
    if (id === undefined) return;
    const change = (present: Simulation) => (present.workerId === worker.id ? next(present) : present);
    this.#registry.change(id, change).catch(ignore);
  }
}
