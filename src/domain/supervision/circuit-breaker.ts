import type { Clock } from '../../ports/clock.ts';
import type { SimulationId } from '../ids.ts';

/** While one start is tried, how soon the next may ask whether it went well. */
const ASK_AGAIN_MS = 250;

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Whether a start may go ahead. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryInMs: number };

/**
 * Stops the starts of one worker type when they fail one after the other. After `coolDownMs` one is let through; when it goes
 * well, all are again.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #failuresToOpen: number;
  readonly #coolDownMs: number;
  #state: BreakerState = 'closed';
  #failures = 0;
  #lastFailure = '';
  /** By the monotonic clock. */
  #openUntilMs = 0;
  /** The one that is tried. */
  #probe: SimulationId | undefined;

  /** @param failures in a row that open it; 0: it never opens */
  constructor(clock: Clock, { failures, coolDownMs }: { readonly failures: number; readonly coolDownMs: number }) {
    this.#clock = clock;
    this.#failuresToOpen = failures;
    this.#coolDownMs = coolDownMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** How long nothing is started for sure; 0 when something may be. */
  get openForMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntilMs - this.#clock.monotonicMs()) : 0;
  }

  /** Why a start would be refused now, for people; undefined when one would be let through. */
  get trouble(): string | undefined {
    const isTrying = this.#state === 'half-open' && this.#probe !== undefined;
    if (!isTrying && this.openForMs === 0) return undefined;
    const next =
      this.#state === 'open'
        ? `the next start is tried in ${Math.ceil(this.openForMs)} ms`
        : 'one start is being tried';
    return `its last ${this.#failures} starts failed, so that no more are made for now; ${next}; the last failure: ${this.#lastFailure}`;
  }

  /** Asks for a start. One that is let through after the cool-down is the only one until it is known how it went. */
  admit(id: SimulationId): Admission {
    if (this.#state === 'closed') return { admitted: true };
    if (this.#state === 'open') {
      const retryInMs = this.openForMs;
      if (retryInMs > 0) return { admitted: false, retryInMs };
      this.#state = 'half-open';
    }
    if (this.#probe !== undefined && this.#probe !== id) return { admitted: false, retryInMs: ASK_AGAIN_MS };
    this.#probe = id;
    return { admitted: true };
  }

  /** @returns whether it has opened by this */
  failed(what: string): boolean {
    this.#failures += 1;
    this.#lastFailure = what;
    const isEnough = this.#failuresToOpen > 0 && this.#failures >= this.#failuresToOpen;
    if (this.#state === 'open' || !(isEnough || this.#state === 'half-open')) return false;
    this.#state = 'open';
    this.#probe = undefined;
    this.#openUntilMs = this.#clock.monotonicMs() + this.#coolDownMs;
    return true;
  }

  /** @returns whether it has closed by this */
  succeeded(): boolean {
    const wasClosed = this.#state === 'closed';
    this.#state = 'closed';
    this.#failures = 0;
    this.#probe = undefined;
    return !wasClosed;
  }

  /** The simulation will not be started, or nothing can be learnt from its start: another one may be tried. */
  release(id: SimulationId): void {
    if (this.#probe === id) this.#probe = undefined;
  }
}
