/** A run's configuration: how its worker behaves. Times count from its registration. */
export interface Character {
  /** Where it keeps its journal. */
  readonly journals: string;
  /** Events a tick; a tick takes 20 ms. */
  readonly events_per_tick: number;
  readonly payload_bytes: number;
  /** Events that may be unacknowledged. */
  readonly window: number;
  /** When it has done its work and exits 0; absent: it goes on until it is stopped. */
  readonly life_ms?: number;
  /** When it ends by itself, with exit code 3. */
  readonly crash_ms?: number;
  /** When it hangs, and how: by SIGSTOP, in an endless loop, or in that it answers and no longer ticks. */
  readonly hang_ms?: number;
  readonly hang?: 'stopped' | 'spinning' | 'stalled';
  /** Its first so many incarnations crash or hang; later ones do not. */
  readonly faulty_incarnations?: number;
  /** Processes that it starts in a session of their own, and forgets. */
  readonly strays?: number;
}

/** Every tenth event is one that is not logged. */
export const LOGGED_KEY = 'chaos.logged.v1';
export const LIVE_KEY = 'chaos.live.v1';
/** Of the custom command that carries the request id which it was sent under. */
export const NOTE_KEY = 'chaos.note.v1';
