import type { Clock } from '../../ports/clock.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import type { RecordedRequest } from './simulation.ts';

/** How long a request id is remembered: contract section 2. */
const KEEP_MS = 3_600_000;
const MAX_REQUESTS = 100_000;

interface RememberedRequest {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
  readonly atMs: number;
}

/** Makes requests that carry a `request_id` safe to send again: the repeated one joins the first and gets its answer. */
export class RequestMemory {
  readonly #clock: Clock;
  readonly #requests = new Map<string, RememberedRequest>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs `answer` once for each `scope` (the caller and the method) and `requestId`. One that failed is forgotten, so that it may be tried again.
   *
   * @param fingerprint equal for equal requests
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request; CAPACITY_EXHAUSTED
   */
  async once<T>(scope: string, requestId: string, fingerprint: string, answer: () => Promise<T>): Promise<T> {
    if (requestId === '') return answer();
    if (requestId.length > 128) throw invalidArgument('request_id', 'has more than 128 characters');
    this.#forgetOld();
    const key = JSON.stringify([scope, requestId]);
    const known = this.#requests.get(key);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint)
        throw invalidArgument('request_id', 'was used for another request within the last hour; use a new one');
      return known.answer as Promise<T>;
    }
    if (this.#requests.size >= MAX_REQUESTS) {
      throw new ShoalError(
        'CAPACITY_EXHAUSTED',
        `${MAX_REQUESTS} request ids within an hour; leave request_id out or wait`,
      );
    }
    const promise = answer();
    const request = { fingerprint, answer: promise, atMs: this.#clock.monotonicMs() };
    this.#requests.set(key, request);
    promise.catch(() => {
      if (this.#requests.get(key) === request) this.#requests.delete(key);
    });
    return promise;
  }

  /**
   * Remembers what was answered before, by a daemon that has gone. Called before anything else, the oldest first.
   *
   * @param ageMs since it was answered; what is older than an hour is not remembered
   */
  recall({ scope, id, fingerprint }: RecordedRequest, answer: unknown, ageMs: number): void {
    if (ageMs >= KEEP_MS) return;
    const atMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
    this.#requests.set(JSON.stringify([scope, id]), { fingerprint, answer: Promise.resolve(answer), atMs });
  }

  /** The map is in order of time, so that only the oldest have to be looked at. */
  #forgetOld(): void {
    const before = this.#clock.monotonicMs() - KEEP_MS;
    for (const [key, request] of this.#requests) {
      if (request.atMs > before) return;
      this.#requests.delete(key);
    }
  }
}
