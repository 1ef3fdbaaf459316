import { status } from '@grpc/grpc-js';
import type { HeartbeatRequest } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatResponse.ts';
import type { ServiceClient } from './service-client.ts';
import { describeStatus, isFinal, statusOf } from './status.ts';

export interface HeartbeatOptions {
  readonly client: ServiceClient;
  /** Where the worker is as of now. */
  figures(): HeartbeatRequest;
  onAnswer(answer: HeartbeatResponseOutput): void;
  /** Shoal does not answer, or does not know this worker: the connection is of no use. */
  onBroken(reason: string, final: boolean): void;
}

/** One lost heartbeat is an accident, two in a row are a dead connection that nothing else has noticed. */
const missesUntilBroken = 2;

/** Tells Shoal every interval that the worker is alive and where it is; one heartbeat at a time. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = 0;
  #misses = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The first comes at once. 0: none. Called again, it goes on with the new interval. */
  start(intervalMs: number): void {
    this.stop();
    this.#intervalMs = intervalMs;
    this.#misses = 0;
    if (intervalMs !== 0) void this.#beat().then(() => this.#schedule());
  }

  /** Tells the figures once more, as the last thing that this worker says; that it fails no longer matters. */
  async last(): Promise<void> {
    if (this.#intervalMs === 0) return;
    this.stop();
    await this.#options.client.heartbeat(this.#options.figures()).catch(() => {});
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#intervalMs = 0;
  }

  #schedule(): void {
    if (this.#intervalMs === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#beat().then(() => this.#schedule()), this.#intervalMs);
  }

  async #beat(): Promise<void> {
    try {
      const answer = await this.#options.client.heartbeat(this.#options.figures());
      this.#misses = 0;
      if (this.#intervalMs !== 0 && answer.heartbeatIntervalMs !== 0) this.#intervalMs = answer.heartbeatIntervalMs;
      this.#options.onAnswer(answer);
    } catch (error) {
      this.#missed(statusOf(error) ?? { code: status.UNKNOWN, details: String(error) });
    }
  }

  #missed(end: { readonly code: number; readonly details: string }): void {
    if (this.#intervalMs === 0) return;
    this.#misses++;
    if (end.code === status.UNIMPLEMENTED) {
      this.stop();
    } else if (isFinal(end.code) || end.code === status.FAILED_PRECONDITION || this.#misses >= missesUntilBroken) {
      this.#misses = 0;
      this.#options.onBroken(`a heartbeat was refused ${describeStatus(end)}`, isFinal(end.code));
    }
  }
}
