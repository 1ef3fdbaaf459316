import type { Clock } from '../../ports/clock.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { SimulationId } from '../ids.ts';
import { ShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { WorkerType } from '../worker-type.ts';
import { type Admission, type BreakerState, CircuitBreaker } from './circuit-breaker.ts';
import type { SupervisionListener } from './supervision-event.ts';

export interface WorkerTypeBreakersParts {
  readonly registry: SimulationRegistry;
  readonly clock: Clock;
  readonly listener: SupervisionListener;
}

/** The circuit breaker of each worker type. In memory: a new daemon gives every type a new chance. */
export class WorkerTypeBreakers {
  readonly #clock: Clock;
  readonly #listener: SupervisionListener;
  readonly #byType = new Map<string, CircuitBreaker>();

  constructor({ registry, clock, listener }: WorkerTypeBreakersParts) {
    this.#clock = clock;
    this.#listener = listener;
    registry.onChange(({ kind, after: { simulation } }) => {
      if (kind === 'forgotten' || isFinal(simulation.state))
        this.#byType.get(simulation.workerType)?.release(simulation.id);
    });
  }

  /** Whether a start of this simulation may go ahead; one that is admitted goes ahead. */
  admit(type: WorkerType, id: SimulationId): Admission {
    return this.#of(type).admit(id);
  }

  /** As {@link admit}. @throws ShoalError CAPACITY_EXHAUSTED that says when to try again */
  demand(type: WorkerType, id: SimulationId): void {
    const admission = this.admit(type, id);
    if (admission.admitted) return;
    const { name } = type.config;
    throw new ShoalError('CAPACITY_EXHAUSTED', `worker_type: ${name} is not started now: ${this.trouble(type)}`, {
      metadata: { worker_type: name, limit: 'restart.breaker', retry_in_ms: String(Math.ceil(admission.retryInMs)) },
    });
  }

  /** What was admitted does not take place. */
  release(type: WorkerType, id: SimulationId): void {
    this.#of(type).release(id);
  }

  /** For how long nothing of the type is started for sure, in ms. */
  openForMs(type: WorkerType): number {
    return this.#of(type).openForMs;
  }

  /** Why nothing of the type is started, for people; undefined when it is. */
  trouble(type: WorkerType): string | undefined {
    return this.#byType.get(type.config.name)?.trouble;
  }

  failed(type: WorkerType, what: string): void {
    const breaker = this.#of(type);
    if (breaker.failed(what)) this.#tell(type, breaker);
  }

  succeeded(type: WorkerType): void {
    const breaker = this.#of(type);
    if (breaker.succeeded()) this.#tell(type, breaker);
  }

  *states(): Iterable<readonly [workerType: string, BreakerState]> {
    for (const [name, { state }] of this.#byType) yield [name, state];
  }

  #tell({ config: { name: workerType } }: WorkerType, { state, trouble }: CircuitBreaker): void {
    this.#listener({ kind: 'breaker-moved', workerType, state, ...(trouble === undefined ? {} : { trouble }) });
  }

  #of({ config: { name, restart } }: WorkerType): CircuitBreaker {
    return getOrCreate(this.#byType, name, () => new CircuitBreaker(this.#clock, restart.breaker));
  }
}
