import type { Metadata } from '@grpc/grpc-js';
import { EnvelopeView } from '../../domain/envelope/envelope-view.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { bearerToken } from './calls.ts';

export interface StreamWorkerOptions {
  readonly authentication: WorkerAuthentication;
  readonly tokenRequired: boolean;
  /** Called once it is known whose events these are; what it throws refuses the call. */
  readonly onKnown?: (worker: IngestWorker) => void;
}

/** Whose events a call reports: known from its token at once or, where tokens are not required, from its first event. */
export class StreamWorker {
  readonly #options: StreamWorkerOptions;
  readonly #ended = new AbortController();
  #leave: () => void = () => {};
  #worker: IngestWorker | undefined;

  /** @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED when a token is not good, or missing where one is required; what `onKnown` throws */
  constructor(metadata: Metadata, options: StreamWorkerOptions) {
    this.#options = options;
    const token = bearerToken(metadata);
    if (token === undefined && !options.tokenRequired) return;
    this.#worker = this.#follow({ claimedWorkerId: '', ...(token === undefined ? {} : { token }) });
  }

  /** Aborted, with the error to end the stream with, when the worker's token ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED; what `onKnown` throws */
  reporting(envelope: Uint8Array | undefined): IngestWorker {
    this.#worker ??= this.#follow({ claimedWorkerId: sourceOf(envelope) });
    return this.#worker;
  }

  /** To be called when the call is over: a worker lives longer than its calls, and must not hold on to them. */
  leave(): void {
    this.#leave();
  }

  #follow(credentials: Parameters<WorkerAuthentication['ingestWorker']>[0]): IngestWorker {
    const worker = this.#options.authentication.ingestWorker(credentials);
    this.#options.onKnown?.(worker);
    const end = (): void => {
      const message = `the token of worker ${worker.workerId} has ended with the worker`;
      this.#ended.abort(new ShoalError('UNAUTHENTICATED', message));
    };
    worker.revoked.addEventListener('abort', end, { once: true });
    this.#leave = () => worker.revoked.removeEventListener('abort', end);
    return worker;
  }
}

/** Whose event a call of one event reports. @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED */
export function reportingWorker(
  metadata: Metadata,
  envelope: Uint8Array,
  { authentication, tokenRequired }: StreamWorkerOptions,
): IngestWorker {
  const token = bearerToken(metadata);
  if (token !== undefined) return authentication.ingestWorker({ token, claimedWorkerId: '' });
  return authentication.ingestWorker({ claimedWorkerId: tokenRequired ? '' : sourceOf(envelope) });
}

function sourceOf(envelope: Uint8Array | undefined): string {
  const view = new EnvelopeView();
  return envelope !== undefined && view.scan(envelope) === undefined ? view.sourceWorkerId : '';
}
