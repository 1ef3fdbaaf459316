import {
  type EventId,
  parseEventId,
  parseSimulationId,
  parseWorkerId,
  type SimulationId,
  type WorkerId,
} from '../../../src/domain/ids.ts';
import type { IdSource } from '../../../src/ports/id-source.ts';

/** How many of each kind were given out: never the same again, whichever daemon lives. */
export class IdCounts {
  simulation = 0;
  worker = 0;
  event = 0;
}

/** Ids that are the same in every run of a seed; the token of a worker follows from its id. */
export class SimulatedIds implements IdSource {
  readonly #counts: IdCounts;

  constructor(counts: IdCounts) {
    this.#counts = counts;
  }

  simulationId(): SimulationId {
    this.#counts.simulation += 1;
    return parseSimulationId(`sim-${this.#counts.simulation}`);
  }

  workerId(): WorkerId {
    this.#counts.worker += 1;
    return parseWorkerId(`w-${this.#counts.worker}`);
  }

  eventId(): EventId {
    this.#counts.event += 1;
    return parseEventId(`e-${this.#counts.event}`);
  }

  token(workerId: WorkerId): string {
    return `token of ${workerId}`;
  }
}
