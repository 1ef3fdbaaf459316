import type { Clock } from '../../ports/clock.ts';
import { getOrCreate } from '../get-or-create.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import type { RecordedRequest } from './simulation.ts';

/** How long a request id is remembered: contract section 2. */
export const REQUEST_KEPT_MS = 3_600_000;
/** Of one caller and method. */
const MAX_REQUESTS = 100_000;
/** Of one caller and method, done, and kept although they may be forgotten. More would cost time: a Map walks over what was deleted to its first. */
const MAX_KEPT = 10_000;
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** For requests that may be forgotten before their hour is over, once they are done. */
export interface Keeping<T> {
  /** Resolves when the request is done, with what a repeated one needs from then on in place of the first answer. */
  readonly whenDone: (answer: T) => Promise<T>;
  /** What that takes in memory, roughly. */
  readonly bytesOf: (kept: T) => number;
}

interface RememberedRequest {
  readonly id: string;
  readonly fingerprint: string;
  readonly atMs: number;
  answer: Promise<unknown>;
  keptBytes: number;
}

/** Makes requests that carry a `request_id` safe to send again: the repeated one joins the first and gets its answer. */
export class RequestMemory {
  readonly #clock: Clock;
  readonly #scopes = new Map<string, ScopeMemory>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs `answer` once for each `scope` (the caller and the method) and `requestId`. One that failed is forgotten, so that it may be tried again.
   *
   * @param fingerprint equal for equal requests
   * @param keeping absent: what was answered is kept for the hour
   * @throws ShoalError INVALID_ARGUMENT when the id was used for another request; CAPACITY_EXHAUSTED when the scope is
   *   full of what must not be forgotten
   */
  async once<T>(
    scope: string,
    requestId: string,
    fingerprint: string,
    answer: () => Promise<T>,
    keeping?: Keeping<T>,
  ): Promise<T> {
    if (requestId === '') return answer();
    if (requestId.length > 128) throw invalidArgument('request_id', 'has more than 128 characters');
    const atMs = this.#clock.monotonicMs();
    for (const each of this.#scopes.values()) each.forgetUntil(atMs - REQUEST_KEPT_MS);
    const memory = this.#scope(scope);
    const known = memory.get(requestId);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint)
        throw invalidArgument('request_id', 'was used for another request within the last hour; use a new one');
      return known.answer as Promise<T>;
    }
    memory.makeRoom();
    const promise = answer();
    const request = { id: requestId, fingerprint, answer: promise, atMs, keptBytes: 0 };
    memory.add(request);
    const over = keeping === undefined ? promise : keep(memory, request, promise, keeping);
    over.catch(() => memory.forget(request));
    return promise;
  }

  /**
   * Remembers what was answered before, by a daemon that has gone. Called before anything else, the oldest first.
   *
   * @param ageMs since it was answered; what is older than an hour is not remembered
   */
  recall({ scope, id, fingerprint }: RecordedRequest, answer: unknown, ageMs: number): void {
    if (ageMs >= REQUEST_KEPT_MS) return;
    const atMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
    this.#scope(scope).add({ id, fingerprint, answer: Promise.resolve(answer), atMs, keptBytes: 0 });
  }

  #scope(scope: string): ScopeMemory {
    return getOrCreate(this.#scopes, scope, () => new ScopeMemory());
  }
}

async function keep<T>(
  memory: ScopeMemory,
  request: RememberedRequest,
  answer: Promise<T>,
  { whenDone, bytesOf }: Keeping<T>,
): Promise<void> {
  const first = await answer;
  const kept = await whenDone(first).catch(() => first);
  memory.done(request, kept, bytesOf(kept));
}

/** Of one caller and method: full, it refuses or forgets nothing of another. */
class ScopeMemory {
  /** In order of time, so that only the oldest have to be looked at. */
  readonly #requests = new Map<string, RememberedRequest>();
  /** Those of them that may be forgotten, in the order in which they were done. */
  readonly #done = new Set<RememberedRequest>();
  #keptBytes = 0;

  get(id: string): RememberedRequest | undefined {
    return this.#requests.get(id);
  }

  /** @throws ShoalError CAPACITY_EXHAUSTED */
  makeRoom(): void {
    if (this.#requests.size < MAX_REQUESTS) return;
    const [oldest] = this.#done;
    if (oldest === undefined) {
      const message = `${MAX_REQUESTS} request ids of this method within an hour; leave request_id out or wait`;
      throw new ShoalError('CAPACITY_EXHAUSTED', message);
    }
    this.forget(oldest);
  }

  add(request: RememberedRequest): void {
    this.#requests.set(request.id, request);
  }

  done(request: RememberedRequest, kept: unknown, keptBytes: number): void {
    if (this.#requests.get(request.id) !== request) return;
    request.answer = Promise.resolve(kept);
    request.keptBytes = keptBytes;
    this.#keptBytes += keptBytes;
    this.#done.add(request);
    for (const oldest of this.#done) {
      const isFull = this.#done.size > MAX_KEPT || this.#keptBytes > MAX_KEPT_BYTES;
      if (!isFull || oldest === request) return;
      this.forget(oldest);
    }
  }

  forget(request: RememberedRequest): void {
    if (this.#requests.get(request.id) === request) this.#requests.delete(request.id);
    if (this.#done.delete(request)) this.#keptBytes -= request.keptBytes;
  }

  forgetUntil(timeMs: number): void {
    for (const request of this.#requests.values()) {
      if (request.atMs > timeMs) return;
      this.forget(request);
    }
  }
}
