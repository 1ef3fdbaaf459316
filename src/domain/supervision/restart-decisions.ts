import type { Clock } from '../../ports/clock.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { AfterOutcome, Outcome, WorkerEnd } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { utcTime } from '../utc-time.ts';
import { RestartHistory } from './restart-history.ts';
import { decideRestart, restartConfigOf } from './restart-policy.ts';
import type { WorkerTypeBreakers } from './worker-type-breakers.ts';

export interface RestartDecisionsParts {
  readonly registry: SimulationRegistry;
  readonly catalogue: WorkerTypeCatalogue;
  readonly breakers: WorkerTypeBreakers;
  readonly clock: Clock;
  /** From 0 to just below 1: the jitter of restarts. */
  readonly chance: () => number;
}

/** What the restart policy of a simulation says when its worker has ended unasked. */
export class RestartDecisions {
  readonly #parts: RestartDecisionsParts;
  readonly #history: RestartHistory;
  #closed = false;

  constructor(parts: RestartDecisionsParts) {
    this.#parts = parts;
    this.#history = new RestartHistory(parts.clock);
    parts.registry.onChange(({ kind, before, after: { simulation } }) => {
      if (kind === 'forgotten') this.#history.forget(simulation.id);
      else if (before !== undefined) this.#history.heard(before, simulation);
    });
  }

  /** From now on nothing is restarted. */
  close(): void {
    this.#closed = true;
  }

  /** For the change of the record: decides, and changes nothing. */
  decide(present: Simulation, outcome: Outcome, end: WorkerEnd): AfterOutcome {
    const { catalogue, breakers, clock, chance } = this.#parts;
    const type = catalogue.get(present.workerType);
    if (type === undefined || this.#closed) return { kind: 'none' };
    const config = restartConfigOf(type.config.restart, present.restart);
    const { exitCode, uptimeMs } = end;
    const decision = decideRestart(
      config,
      {
        isFailure: outcome.state === 'FAILED',
        restartAges: this.#history.ages(present),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(uptimeMs === undefined ? {} : { uptimeMs }),
      },
      chance(),
    );
    if (decision.kind !== 'restart') return decision;
    const before = decision.forgetsHistory ? [] : (present.restartedAtMs ?? []);
    const openForMs = Math.ceil(breakers.openForMs(type));
    const delayMs = Math.max(decision.delayMs, openForMs);
    const rest = openForMs > decision.delayMs ? '; its worker type rests until then (restart.breaker)' : '';
    const restartAtMs = clock.nowMs() + delayMs;
    const restartedAtMs = this.#history.withNow(before);
    return {
      kind: 'restart',
      why: `restart ${restartedAtMs.length} in ${delayMs} ms, at ${utcTime(restartAtMs)}${rest}`,
      change: { restartAtMs, restartedAtMs, startFrom: config.startFrom },
    };
  }
}
