import type { CommandProgress, JournalledRequest, RequestKey } from '../../ports/command-journal.ts';
import type { SimulationId } from '../ids.ts';
import { invalidArgument } from '../shoal-error.ts';
import { REQUEST_KEPT_MS } from '../simulation/request-memory.ts';
import type { ControlCourse } from './control-request.ts';

/** A request that may be repeated after what remembers requests in general has forgotten it. */
export interface RecalledRequest {
  readonly request: JournalledRequest;
  readonly progress: Map<SimulationId, CommandProgress>;
  /** Of the simulations for which its command goes on, or is over. */
  readonly courses: Map<SimulationId, ControlCourse>;
}

/** As many as a journal keeps; beyond it the oldest is forgotten. */
const MAX_REQUESTS = 20_000;

/** What is known of requests of daemons before this one, and of those whose delivery is in doubt: each for its hour. */
export class RecalledRequests {
  /** By scope and request id, about in the order of their time. */
  readonly #requests = new Map<string, RecalledRequest>();

  add(request: JournalledRequest, progress: readonly CommandProgress[] = []): RecalledRequest {
    const recalled = {
      request,
      progress: new Map(progress.map((each) => [each.simulationId, each])),
      courses: new Map<SimulationId, ControlCourse>(),
    };
    this.#requests.set(nameOf(request), recalled);
    const [oldest] = this.#requests.keys();
    if (oldest !== undefined && this.#requests.size > MAX_REQUESTS) this.#requests.delete(oldest);
    return recalled;
  }

  /** @throws ShoalError INVALID_ARGUMENT when the id was used for another request */
  find(key: RequestKey & { readonly fingerprint: string }, nowMs: number): RecalledRequest | undefined {
    if (key.requestId === '') return undefined;
    this.#forgetUntil(nowMs - REQUEST_KEPT_MS);
    const recalled = this.#requests.get(nameOf(key));
    if (recalled !== undefined && recalled.request.fingerprint !== key.fingerprint)
      throw invalidArgument('request_id', 'was used for another request within the last hour; use a new one');
    return recalled;
  }

  #forgetUntil(timeMs: number): void {
    for (const [name, { request }] of this.#requests) {
      if (request.atMs > timeMs) return;
      this.#requests.delete(name);
    }
  }
}

function nameOf({ scope, requestId }: RequestKey): string {
  return `${scope}\n${requestId}`;
}
