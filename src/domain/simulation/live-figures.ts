import { getOrCreate } from '../get-or-create.ts';
import type { SimulationId } from '../ids.ts';
import type { RecordedFigures } from './simulation.ts';
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

  /** Goes on from what a record says. */
  restore(id: SimulationId, recorded: RecordedFigures): void {
    Object.assign(this.of(id), recorded);
  }

  /** To be kept in a record; undefined while nothing has happened. */
  recordOf(id: SimulationId): RecordedFigures | undefined {
    const { lastTick, eventsReceived, eventsLogged } = this.lastKnown(id);
    const isUntouched = lastTick === 0n && eventsReceived === 0 && eventsLogged === 0;
    return isUntouched ? undefined : { lastTick, eventsReceived, eventsLogged };
  }

  forget(id: SimulationId): void {
    this.#sheets.delete(id);
  }
}
