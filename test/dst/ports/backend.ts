import { ShoalError } from '../../../src/domain/shoal-error.ts';
import type { Life } from '../harness/life.ts';

/** How long a call waits for a backend that is away before it is given up. */
const PATIENCE_MS = 3_000;
const LOOK_AGAIN_MS = 100;

/** Something outside the daemon that keeps or carries what it is given: a disk, a messaging server. */
export class Backend {
  readonly name: string;
  /** Neither takes nor answers anything. */
  isAway = false;
  /** The most that a call takes, one way. */
  slownessMs = 3;

  constructor(name: string) {
    this.name = name;
  }
}

export interface BackendCall<T> {
  /** What the call does there, all at once. */
  readonly effect: () => T;
  /** What it may have done there although its caller is told that nobody knows. Absent: then it has done nothing. */
  readonly half?: () => void;
}

interface Job {
  readonly call: BackendCall<unknown>;
  readonly giveUpAtMs: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * The line from one life of the daemon to a backend: calls take effect in the order in which they were made, later, and
 * are answered in that order, later still. When the daemon dies, those on the way have taken effect or have not.
 */
export class Line {
  readonly #life: Life;
  readonly #backend: Backend;
  #jobs: Job[] = [];
  #mostWaiting = 0;
  #isBusy = false;
  #answeredUntilMs = 0;

  constructor(life: Life, backend: Backend) {
    this.#life = life;
    this.#backend = backend;
    life.onDeath(() => this.#die());
  }

  get waiting(): number {
    return this.#jobs.length;
  }

  /** The most that ever waited. */
  get mostWaiting(): number {
    return this.#mostWaiting;
  }

  /** Never answers a daemon that has died. Rejects as `effect` throws, and with BUS_UNAVAILABLE. */
  call<T>(call: BackendCall<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.#life.alive) return;
      const giveUpAtMs = this.#life.scheduler.nowMs + PATIENCE_MS;
      this.#mostWaiting = Math.max(this.#mostWaiting, this.#jobs.length + 1);
      this.#jobs.push({ call, giveUpAtMs, resolve: resolve as Job['resolve'], reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#isBusy || this.#jobs.length === 0) return;
    this.#isBusy = true;
    this.#life.later(this.#delayMs(), () => this.#attempt());
  }

  #attempt(): void {
    const [job] = this.#jobs;
    if (job === undefined) return;
    const { nowMs } = this.#life.scheduler;
    if (this.#backend.isAway) {
      if (nowMs >= job.giveUpAtMs) this.#giveUp();
      else this.#life.later(LOOK_AGAIN_MS, () => this.#attempt());
      return;
    }
    this.#jobs.shift();
    const settle = perform(job);
    // Answers come in the order of the calls.
    this.#answeredUntilMs = Math.max(this.#answeredUntilMs, nowMs + this.#delayMs()) + 1;
    this.#life.later(this.#answeredUntilMs - nowMs, settle);
    this.#isBusy = false;
    this.#next();
  }

  /** All that wait fail with the first: what came behind it must not overtake it. */
  #giveUp(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#isBusy = false;
    this.#someEffect(jobs);
    const error = new ShoalError('BUS_UNAVAILABLE', `${this.#backend.name} is away`);
    for (const { reject } of jobs) reject(error);
  }

  #die(): void {
    const { dice } = this.#life.scheduler;
    const sent = this.#jobs.splice(0);
    const taken = sent.slice(0, this.#backend.isAway ? 0 : dice.upTo(sent.length));
    for (const job of taken) perform(job);
    this.#someEffect(sent.slice(taken.length));
  }

  #someEffect(jobs: readonly Job[]): void {
    if (this.#life.scheduler.dice.chance(0.5)) jobs[0]?.call.half?.();
  }

  #delayMs(): number {
    return this.#life.scheduler.dice.upTo(this.#backend.slownessMs);
  }
}

/** @returns what answers it */
function perform({ call, resolve, reject }: Job): () => void {
  try {
    const answer = call.effect();
    return () => resolve(answer);
  } catch (thrown) {
    if (!(thrown instanceof ShoalError)) throw thrown;
    return () => reject(thrown);
  }
}
