import type { handleBidiStreamingCall, handleUnaryCall, Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type { LimitsConfig } from '../../domain/configuration.ts';
import type { EventIntake } from '../../domain/ingest/event-intake.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { BatchStream } from './batch-stream.ts';
import { CallPlaces } from './call-places.ts';
import { type FailureListener, unary } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { ReportEventBatchesResponse } from './generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse } from './generated/fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse } from './generated/fes/orchestration/v1/ReportEventStreamResponse.ts';
import { type Handled, runOrderedStream } from './ordered-stream.ts';
import { rejectedMessage } from './rejected-message.ts';
import { reportingWorker, StreamWorker } from './stream-worker.ts';

export interface EventCallsParts {
  readonly intake: EventIntake;
  readonly authentication: WorkerAuthentication;
  readonly tokensRequired: () => boolean;
  readonly limits: () => LimitsConfig;
  readonly onFailure: FailureListener;
}

/** One message of a stream of single events is small; this many may be under way. */
const MAX_SINGLE_EVENTS_IN_FLIGHT = 1_024;
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
    const { intake, authentication, tokensRequired, onFailure } = this.#parts;
    return unary(
      async (envelope, _context, call) => {
        const worker = reportingWorker(call.metadata, envelope, { authentication, tokenRequired: tokensRequired() });
        const { rejected, logged, lastSequence } = await intake.accept(worker, [envelope]);
        const [refusal] = rejected;
        if (refusal !== undefined) throw new ShoalError(refusal.code, refusal.message, { metadata: refusal.metadata });
        return { logged: logged > 0, logSequence: lastSequence };
      },
      (thrown) => onFailure('ReportEvent', thrown),
    );
  }

  reportEventStream(): handleBidiStreamingCall<Buffer, ReportEventStreamResponse> {
    return (call) => {
      let count = 0;
      this.#run(call, 'ReportEventStream', MAX_SINGLE_EVENTS_IN_FLIGHT, (source) => (envelopes) => {
        const first = count;
        count += envelopes.length;
        return [{ messages: envelopes.length, answer: this.#acceptSingle(source, envelopes, first) }];
      });
    };
  }

  /** Answers are sent in order: with this one all events up to its last are dealt with, and no later one need be. */
  async #acceptSingle(
    source: StreamWorker,
    envelopes: readonly Buffer[],
    first: number,
  ): Promise<ReportEventStreamResponse> {
    const { rejected } = await this.#parts.intake.accept(source.reporting(envelopes[0]), envelopes);
    return {
      processed: first + envelopes.length,
      rejected: rejected.map((event) => rejectedMessage({ ...event, index: first + event.index }, 0)),
    };
  }

  reportEventBatches(): handleBidiStreamingCall<Buffer, ReportEventBatchesResponse> {
    return (call) => {
      const { maxInFlightBatches } = this.#parts.limits();
      this.#run(call, 'ReportEventBatches', maxInFlightBatches, (source) => {
        const { intake, limits } = this.#parts;
        const batches = new BatchStream({ intake, limits, source });
        return (messages) => batches.take(messages);
      });
    };
  }

  #run<Answer>(
    call: ServerDuplexStream<Buffer, Answer>,
    method: string,
    maxInFlight: number,
    handler: (source: StreamWorker) => (messages: readonly Buffer[]) => Iterable<Handled<Answer>>,
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

  #source(metadata: Metadata, onKnown: (worker: IngestWorker) => void): StreamWorker {
    const { authentication, tokensRequired } = this.#parts;
    return new StreamWorker(metadata, { authentication, tokenRequired: tokensRequired(), onKnown });
  }
}
