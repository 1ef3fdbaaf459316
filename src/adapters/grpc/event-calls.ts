import type { Metadata, ServerDuplexStream, handleBidiStreamingCall, handleUnaryCall } from '@grpc/grpc-js';
import type { LimitsConfig } from '../../domain/configuration.ts';
import { EnvelopeView } from '../../domain/envelope/envelope-view.ts';
import type { EventIntake, RejectedEvent } from '../../domain/ingest/event-intake.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { ShoalError, invalidArgument } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { type FailureListener, bearerToken, unary } from './calls.ts';
import { scanEventBatch } from './event-batch.ts';
import type { RejectedEvent as RejectedEventMessage } from './generated/fes/orchestration/v1/RejectedEvent.ts';
import type { ReportEventBatchesResponse } from './generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse } from './generated/fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse } from './generated/fes/orchestration/v1/ReportEventStreamResponse.ts';
import { runOrderedStream } from './ordered-stream.ts';
import { GRPC_STATUS } from './status-codes.ts';

export interface EventCallsParts {
  readonly intake: EventIntake;
  readonly authentication: WorkerAuthentication;
  readonly limits: () => LimitsConfig;
  readonly onFailure: FailureListener;
}

/** One message of a stream of single events is small; this many may be under way. */
const MAX_SINGLE_EVENTS_IN_FLIGHT = 1_024;

/** The three calls that report events. Their requests stay bytes: {@link EventIntake} scans them. */
export class EventCalls {
  readonly #parts: EventCallsParts;

  constructor(parts: EventCallsParts) {
    this.#parts = parts;
  }

  reportEvent(): handleUnaryCall<Buffer, ReportEventResponse> {
    const { intake, onFailure } = this.#parts;
    return unary(async (envelope, _context, call) => {
      const { rejected, logged, lastSequence } = await intake.accept(this.#worker(call.metadata, () => envelope), [envelope]);
      const [refusal] = rejected;
      if (refusal !== undefined) throw new ShoalError(refusal.code, refusal.message);
      return { logged: logged > 0, logSequence: lastSequence };
    }, (thrown) => onFailure('ReportEvent', thrown));
  }

  reportEventStream(): handleBidiStreamingCall<Buffer, ReportEventStreamResponse> {
    return (call) => {
      let worker: IngestWorker | undefined;
      let index = 0;
      let processed = 0;
      this.#run(call, 'ReportEventStream', MAX_SINGLE_EVENTS_IN_FLIGHT, async (envelope) => {
        worker ??= this.#worker(call.metadata, () => envelope, call);
        const at = index;
        index += 1;
        const { rejected } = await this.#parts.intake.accept(worker, [envelope]);
        processed += 1;
        return { processed, rejected: rejected.map((event) => rejectedMessage({ ...event, index: at }, 0)) };
      });
    };
  }

  reportEventBatches(): handleBidiStreamingCall<Buffer, ReportEventBatchesResponse> {
    return (call) => {
      let worker: IngestWorker | undefined;
      let expected = 1;
      const { maxInFlightBatches } = this.#parts.limits();
      this.#run(call, 'ReportEventBatches', maxInFlightBatches, async (message) => {
        const { sequence, envelopes } = scanEventBatch(message);
        worker ??= this.#worker(call.metadata, () => envelopes[0], call);
        if (sequence !== expected) {
          throw invalidArgument('sequence', `is ${sequence}, expected ${expected}: it rises by 1 from 1 within a stream; open a new stream and send again what was not acknowledged`);
        }
        expected += 1;
        const tooMuch = this.#overLimit(message, envelopes);
        if (tooMuch !== undefined) return { sequence, rejected: rejectAll(envelopes, tooMuch, sequence) };
        const { rejected } = await this.#parts.intake.accept(worker, envelopes);
        return { sequence, rejected: rejected.map((event) => rejectedMessage(event, sequence)) };
      });
    };
  }

  #run<Answer>(
    call: ServerDuplexStream<Buffer, Answer>,
    method: string,
    maxInFlight: number,
    handle: (message: Buffer) => Promise<Answer>,
  ): void {
    const { authentication, onFailure } = this.#parts;
    const token = bearerToken(call.metadata);
    try {
      if (token !== undefined) authentication.ingestWorker({ token, claimedWorkerId: '' });
    } catch (thrown) {
      runOrderedStream(call, { maxInFlight, handle, abort: AbortSignal.abort(thrown), onFailure: (error) => onFailure(method, error) });
      return;
    }
    const revoked = new AbortController();
    this.#revocations.set(call, revoked);
    runOrderedStream(call, { maxInFlight, handle, abort: revoked.signal, onFailure: (thrown) => onFailure(method, thrown) });
  }

  /** What ends a stream when its worker's token ends. */
  readonly #revocations = new WeakMap<object, AbortController>();

  #worker(metadata: Metadata, first: () => Uint8Array | undefined, stream?: object): IngestWorker {
    const token = bearerToken(metadata);
    const claimedWorkerId = token === undefined ? claimedIn(first()) : '';
    const worker = this.#parts.authentication.ingestWorker({ claimedWorkerId, ...(token === undefined ? {} : { token }) });
    const revocation = stream === undefined ? undefined : this.#revocations.get(stream);
    if (revocation !== undefined) {
      worker.revoked.addEventListener('abort', () => revocation.abort(tokenEnded(worker)), { once: true });
    }
    return worker;
  }

  #overLimit(message: Buffer, envelopes: readonly Uint8Array[]): string | undefined {
    const { maxBatchEvents, maxBatchBytes } = this.#parts.limits();
    if (envelopes.length > maxBatchEvents) return `the batch has ${envelopes.length} events; max_batch_events is ${maxBatchEvents}`;
    if (message.length > maxBatchBytes) return `the batch has ${message.length} bytes; max_batch_bytes is ${maxBatchBytes}`;
    return undefined;
  }
}

function rejectedMessage({ index, eventId, code, message }: RejectedEvent, batchSequence: number): RejectedEventMessage {
  return { index, eventId, code: GRPC_STATUS[code], message, batchSequence };
}

function rejectAll(envelopes: readonly Uint8Array[], message: string, batchSequence: number): RejectedEventMessage[] {
  const view = new EnvelopeView();
  return envelopes.map((envelope, index) => {
    view.scan(envelope);
    return rejectedMessage({ index, eventId: view.eventId.slice(0, 128), code: 'INVALID_ARGUMENT', message }, batchSequence);
  });
}

/** Without a token, where that is allowed, the first event says who reports. */
function claimedIn(envelope: Uint8Array | undefined): string {
  const view = new EnvelopeView();
  return envelope !== undefined && view.scan(envelope) === undefined ? view.sourceWorkerId : '';
}

function tokenEnded(worker: IngestWorker): ShoalError {
  return new ShoalError('UNAUTHENTICATED', `the token of worker ${worker.workerId} has ended with the worker`);
}
