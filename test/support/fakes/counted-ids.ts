import {
  type EventId,
  parseEventId,
  parseSimulationId,
  parseWorkerId,
  type SimulationId,
  type WorkerId,
} from '../../../src/domain/ids.ts';
import type { IdSource } from '../../../src/ports/id-source.ts';

/** Ids that a test can foretell: `sim-1`, `w-1`, `e-1`, each kind with a count of its own, and `token-1` for `w-1`. */
export class CountedIds implements IdSource {
  readonly #counts = { simulation: 0, worker: 0, event: 0 };

  simulationId(): SimulationId {
    return parseSimulationId(`sim-${this.#next('simulation')}`);
  }

  workerId(): WorkerId {
    return parseWorkerId(`w-${this.#next('worker')}`);
  }

  eventId(): EventId {
    return parseEventId(`e-${this.#next('event')}`);
  }

  token(workerId: WorkerId): string {
    return `token-${workerId.replace(/^w-/, '')}`;
  }

  #next(kind: 'simulation' | 'worker' | 'event'): number {
    this.#counts[kind] += 1;
    return this.#counts[kind];
  }
}
