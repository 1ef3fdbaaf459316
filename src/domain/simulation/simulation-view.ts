import type { Simulation } from './simulation.ts';

/** Figures of a run that live in memory and are reported as of now. */
export interface LiveFigures {
  readonly lastTick: bigint;
  readonly eventsReceived: number;
  readonly eventsLogged: number;
}

/** What callers are shown: the stored record and the figures of the moment. */
export interface SimulationView {
  readonly simulation: Simulation;
  readonly revision: number;
  readonly figures: LiveFigures;
}
