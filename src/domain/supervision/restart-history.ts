import type { Clock } from '../../ports/clock.ts';
import type { SimulationId } from '../ids.ts';
import type { Simulation } from '../simulation/simulation.ts';

/** As many as `restart.max_restarts` may say: more are never counted. */
const MAX_KEPT = 100;

/**
 * How long ago each simulation was restarted. The record has it by the wall clock, for the next daemon; this daemon goes by
 * the monotonic one, so that a wall clock which is set forgets nothing and invents nothing.
 */
export class RestartHistory {
  readonly #clock: Clock;
  /** By the monotonic clock, the oldest first. */
  readonly #times = new Map<SimulationId, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In ms, the oldest first; empty for one that was not restarted, or was healthy since. */
  ages(simulation: Simulation): readonly number[] {
    const nowMs = this.#clock.monotonicMs();
    return this.#timesOf(simulation).map((atMs) => nowMs - atMs);
  }

  /** The list for the record, with one more of now. */
  withNow(before: readonly number[]): readonly number[] {
    return [...before, this.#clock.nowMs()].slice(-MAX_KEPT);
  }

  /** To be called for every change of a record: what is new in its list was added now. */
  heard(before: Simulation, after: Simulation): void {
    const { id, restartedAtMs = [] } = after;
    if (isSame(before.restartedAtMs ?? [], restartedAtMs)) return;
    const times = [...this.#timesOf(before), this.#clock.monotonicMs()];
    this.#times.set(id, times.slice(-restartedAtMs.length));
  }

  forget(id: SimulationId): void {
    this.#times.delete(id);
  }

  /** What the daemon before wrote counts by the wall clock: it is all that both have in common. */
  #timesOf({ id, restartedAtMs = [] }: Simulation): readonly number[] {
    const wallMs = this.#clock.nowMs();
    const nowMs = this.#clock.monotonicMs();
    return this.#times.get(id) ?? restartedAtMs.map((atMs) => nowMs - Math.max(0, wallMs - atMs));
  }
}

/** Lists only grow at their end, or begin anew with one of now. */
function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.at(-1) === b.at(-1);
}
