import type { handleBidiStreamingCall, handleUnaryCall, Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type { LimitsConfig } from '../../domain/configuration.ts';
import type { RejectedEvent } from '../../domain/ingest/acceptance.ts';
import type { EventIntake } from '../../domain/ingest/event-intake.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { CallPlaces } from './call-places.ts';
import { type FailureListener, unary } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import { scanEventBatch } from './event-batch.ts';
import type { RejectedEvent as RejectedEventMessage } from './generated/fes/orchestration/v1/RejectedEvent.ts';
import type { ReportEventBatchesResponse } from './generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse } from './generated/fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse } from './generated/fes/orchestration/v1/ReportEventStreamResponse.ts';
import { type OrderedAnswer, runOrderedStream } from './ordered-stream.ts';
import { GRPC_STATUS } from './status-codes.ts';
import { StreamWorker } from './stream-worker.ts';

export interface EventCallsParts {
  readonly intake: EventIntake;
  readonly authentication: WorkerAuthentication;
  readonly tokensRequired: () => boolean;
  readonly limits: () => LimitsConfig;
  readonly onFailure: FailureListener;
}

/** One message of a stream of single events is small; this many may be under way. */
const MAX_SINGLE_EVENTS_IN_FLIGHT = 1_024;
/** Of `max_batch_events`: a batch of up to so many is answered, each of its events rejected; one of more ends the stream. */
const ANSWERED_BATCH_FACTOR = 2;
/** Of one worker, over all of its connections; each has its own batches in flight. */
const MAX_STREAMS_OF_WORKER = 64;

/** The three calls that report events. Their requests stay bytes: {@link EventIntake} scans them. */
export class EventCalls {
  readonly #parts: EventCallsParts;
  readonly #streams = new CallPlaces<IngestWorker>({
    name: 'streams of one worker',
    max: () => MAX_STREAMS_OF_WORKER,
    cure: 'close one; a single stream of ReportEventBatches is the fast path',
  });

  constructor(parts: EventCallsParts) {
    this.#parts = parts;
  }

  reportEvent(): handleUnaryCall<Buffer, ReportEventResponse> {
    const { intake, onFailure } = this.#parts;
    return unary(
      async (envelope, _context, call) => {
        const source = this.#source(call.metadata);
        try {
          const { rejected, logged, lastSequence } = await intake.accept(source.reporting(envelope), [envelope]);
          const [refusal] = rejected;
          if (refusal !== undefined)
            throw new ShoalError(refusal.code, refusal.message, { metadata: refusal.metadata });
          return { logged: logged > 0, logSequence: lastSequence };
        } finally {
          source.leave();
        }
      },
      (thrown) => onFailure('ReportEvent', thrown),
    );
  }

  reportEventStream(): handleBidiStreamingCall<Buffer, ReportEventStreamResponse> {
    return (call) => {
      let count = 0;
      this.#run(call, 'ReportEventStream', MAX_SINGLE_EVENTS_IN_FLIGHT, (source) => async (envelope) => {
        const index = count;
        count += 1;
        const { rejected } = await this.#parts.intake.accept(source.reporting(envelope), [envelope]);
        // Answers are sent in order: with this one all events up to it are dealt with, and no later one need be.
        const message = {
          processed: index + 1,
          rejected: rejected.map((event) => rejectedMessage({ ...event, index }, 0)),
        };
        return { message };
      });
    };
  }

  reportEventBatches(): handleBidiStreamingCall<Buffer, ReportEventBatchesResponse> {
    return (call) => {
      let expected = 1;
      const { maxInFlightBatches } = this.#parts.limits();
      this.#run(call, 'ReportEventBatches', maxInFlightBatches, (source) => async (message) => {
        const { sequence, envelopes } = scanEventBatch(
          message,
          ANSWERED_BATCH_FACTOR * this.#parts.limits().maxBatchEvents,
        );
        if (sequence !== expected) throw sequenceGap(sequence, expected);
        expected += 1;
        const worker = source.reporting(envelopes[0]);
        const tooMuch = this.#overLimit(message, envelopes);
        const { intake } = this.#parts;
        const { rejected, isQuiet } =
          tooMuch === undefined
            ? await intake.accept(worker, envelopes)
            : { rejected: await intake.refuse(worker, envelopes, tooMuch), isQuiet: false };
        return {
          message: { sequence, rejected: rejected.map((event) => rejectedMessage(event, sequence)) },
          mayWait: isQuiet && rejected.length === 0,
        };
      });
    };
  }

  #run<Answer>(
    call: ServerDuplexStream<Buffer, Answer>,
    method: string,
    maxInFlight: number,
    handler: (source: StreamWorker) => (message: Buffer) => Promise<OrderedAnswer<Answer>>,
  ): void {
    const onFailure = (thrown: unknown): void => this.#parts.onFailure(method, thrown);
    try {
      const source = this.#source(call.metadata, (worker) => this.#streams.take(worker, call));
      call.on('close', () => source.leave());
      call.on('cancelled', () => source.leave());
      runOrderedStream(call, { maxInFlight, handle: handler(source), abort: source.ended, onFailure });
    } catch (thrown) {
      onFailure(thrown);
      call.emit('error', toGrpcFailure(thrown));
    }
  }

  #source(metadata: Metadata, onKnown?: (worker: IngestWorker) => void): StreamWorker {
    const { authentication, tokensRequired } = this.#parts;
    return new StreamWorker(metadata, { authentication, tokenRequired: tokensRequired(), ...(onKnown && { onKnown }) });
  }

  #overLimit(message: Buffer, envelopes: readonly Uint8Array[]): string | undefined {
    const { maxBatchEvents, maxBatchBytes } = this.#parts.limits();
    if (envelopes.length > maxBatchEvents) {
      return `the batch has ${envelopes.length} events; max_batch_events is ${maxBatchEvents}`;
    }
    if (message.length > maxBatchBytes) {
      return `the batch has ${message.length} bytes; max_batch_bytes is ${maxBatchBytes}`;
    }
    return undefined;
  }
}

function sequenceGap(sequence: number, expected: number): ShoalError {
  return invalidArgument(
    'sequence',
    `is ${sequence}, expected ${expected}: it rises by 1 from 1 within a stream; open a new stream and send again what was not acknowledged`,
  );
}

function rejectedMessage(
  { index, eventId, code, message }: Omit<RejectedEvent, 'metadata'>,
  batchSequence: number,
): RejectedEventMessage {
  return { index, eventId, code: GRPC_STATUS[code], message, batchSequence };
}
