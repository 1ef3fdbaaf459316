import type { SimulationId, WorkerId } from '../ids.ts';
import type { Route, RouteTable } from '../routing/route-table.ts';
import type { FigureSheet } from '../simulation/live-figures.ts';
import type { EventCounters, EventCounts } from './event-counters.ts';

/** A worker may invent event keys; beyond this many, lanes are made afresh instead of kept. */
const MAX_LANES = 1024;

/** Everything about one event key of one worker that does not change from event to event. */
export interface Lane {
  readonly route: Route;
  /** Absent when the subject depends on the attributes of each event. */
  readonly subject?: string;
  readonly counts: EventCounts;
}

export interface IngestWorkerFacts {
  readonly workerId: WorkerId;
  readonly simulationId: SimulationId;
  readonly workerType: string;
  readonly routes: RouteTable;
  readonly figures: FigureSheet;
  readonly counters: EventCounters;
  /** Aborted when the token is no longer good. */
  readonly revoked: AbortSignal;
}

/** A worker as the event path knows it. Nothing here asks the registry, so that ingest can run anywhere. */
export class IngestWorker {
  readonly workerId: WorkerId;
  readonly simulationId: SimulationId;
  readonly figures: FigureSheet;
  readonly revoked: AbortSignal;
  readonly #facts: IngestWorkerFacts;
  readonly #lanes = new Map<string, Lane>();

  constructor(facts: IngestWorkerFacts) {
    this.workerId = facts.workerId;
    this.simulationId = facts.simulationId;
    this.figures = facts.figures;
    this.revoked = facts.revoked;
    this.#facts = facts;
  }

  /** Undefined for a key that this worker has not used yet: check the key, then {@link openLane}. */
  lane(eventTypeKey: string): Lane | undefined {
    return this.#lanes.get(eventTypeKey);
  }

  /** @param eventTypeKey checked by the caller */
  openLane(eventTypeKey: string): Lane {
    const { routes, counters, workerType, simulationId } = this.#facts;
    const route = routes.find(eventTypeKey);
    const counts = counters.of(workerType, routes.declares(eventTypeKey) ? eventTypeKey : 'other');
    const lane: Lane =
      route.template.attributes.length > 0
        ? { route, counts }
        : { route, counts, subject: route.template.subject(simulationId, () => undefined) };
    if (this.#lanes.size < MAX_LANES) this.#lanes.set(eventTypeKey, lane);
    return lane;
  }
}
