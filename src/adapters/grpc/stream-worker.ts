import type { Metadata } from '@grpc/grpc-js';
import { EnvelopeView } from '../../domain/envelope/envelope-view.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { bearerToken } from './calls.ts';

/** Whose events a call reports: known from its token at once or, where tokens are not required, from its first event. */
export class StreamWorker {
  readonly #authentication: WorkerAuthentication;
  readonly #ended = new AbortController();
  readonly #left = new AbortController();
  #worker: IngestWorker | undefined;

  /** @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED when a token is not good, or missing where one is required */
  constructor(authentication: WorkerAuthentication, metadata: Metadata, tokenRequired: boolean) {
    this.#authentication = authentication;
    const token = bearerToken(metadata);
    if (token === undefined && !tokenRequired) return;
    const credentials = { claimedWorkerId: '', ...(token === undefined ? {} : { token }) };
    this.#worker = this.#follow(authentication.ingestWorker(credentials));
  }

  /** Aborted, with the error to end the stream with, when the worker's token ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Undefined until it is known whose stream this is. */
  get worker(): IngestWorker | undefined {
    return this.#worker;
  }

  /** @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED */
  reporting(envelope: Uint8Array | undefined): IngestWorker {
    this.#worker ??= this.#follow(this.#authentication.ingestWorker({ claimedWorkerId: sourceOf(envelope) }));
    return this.#worker;
  }

  /** To be called when the call is over: a worker lives longer than its calls, and must not hold on to them. */
  leave(): void {
    this.#left.abort();
  }

  #follow(worker: IngestWorker): IngestWorker {
    const end = (): void => {
      const message = `the token of worker ${worker.workerId} has ended with the worker`;
      this.#ended.abort(new ShoalError('UNAUTHENTICATED', message));
    };
    worker.revoked.addEventListener('abort', end, { once: true, signal: this.#left.signal });
    return worker;
  }
}

function sourceOf(envelope: Uint8Array | undefined): string {
  const view = new EnvelopeView();
  return envelope !== undefined && view.scan(envelope) === undefined ? view.sourceWorkerId : '';
}
