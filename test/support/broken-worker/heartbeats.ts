import { status } from '@grpc/grpc-js';
import type { HeartbeatRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import type { Calls, End } from './calls.ts';

/** As of now. */
export interface Figures {
  readonly request: HeartbeatRequest;
  readonly commands: number;
}

/** One that is lost is an accident. */
const MISSES_ALLOWED = 1;

/** Tells each interval where the worker is, one heartbeat at a time. */
export class Heartbeats {
  readonly #calls: Calls;
  readonly #behaviour: Behaviour;
  readonly #figures: () => Figures;
  #timer: NodeJS.Timeout | undefined;
  #lastState: HeartbeatRequest['state'];
  #sentInThisState = 0;

  constructor(calls: Calls, behaviour: Behaviour, figures: () => Figures) {
    this.#calls = calls;
    this.#behaviour = behaviour;
    this.#figures = figures;
  }

  /** The first at once. 0: none. @returns when they are of no use any more, why */
  start(toldMs: number): Promise<End> {
    this.stop();
    return new Promise((resolve) => {
      if (toldMs === 0) return;
      let misses = 0;
      const beat = (): void => {
        this.#beat().then(
          () => {
            misses = 0;
          },
          (error: End) => {
            misses += 1;
            if (misses > MISSES_ALLOWED || error.code === status.FAILED_PRECONDITION) resolve(error);
          },
        );
      };
      this.#timer = setInterval(beat, this.#behaviour.heartbeatIntervalMs(toldMs));
      beat();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    const { request, commands } = this.#figures();
    this.#sentInThisState = request.state === this.#lastState ? this.#sentInThisState : 0;
    this.#lastState = request.state;
    const isPaused = request.state === 'SIMULATION_STATE_PAUSED';
    const sent = this.#behaviour.heartbeat(request, { isPaused, sentInThisState: this.#sentInThisState, commands });
    this.#sentInThisState += 1;
    if (sent !== undefined) await this.#calls.heartbeat(sent);
  }
}
