import { getOrCreate } from '../get-or-create.ts';
import type { SimulationId } from '../ids.ts';
import type { LiveFigures } from './simulation-view.ts';

/** The figures of one run, counted where things happen; never stored with every event. */
export class FigureSheet implements LiveFigures {
  lastTick = 0n;
  eventsReceived = 0;
  eventsLogged = 0;
}

export class LiveFigureTable {
  readonly #sheets = new Map<SimulationId, FigureSheet>();

  of(id: SimulationId): FigureSheet {
    return getOrCreate(this.#sheets, id, () => new FigureSheet());
  }

  /** For one that may be forgotten already. */
  lastKnown(id: SimulationId): LiveFigures {
    return this.#sheets.get(id) ?? new FigureSheet();
  }

  forget(id: SimulationId): void {
    this.#sheets.delete(id);
  }
}
