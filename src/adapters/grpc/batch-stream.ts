import type { LimitsConfig } from '../../domain/configuration.ts';
import type { RejectedEvent } from '../../domain/ingest/acceptance.ts';
import type { EventIntake, IntakeReceipt } from '../../domain/ingest/event-intake.ts';
import type { IngestWorker } from '../../domain/ingest/ingest-worker.ts';
import { invalidArgument, type ShoalError } from '../../domain/shoal-error.ts';
import { type EventBatch, scanEventBatch } from './event-batch.ts';
import type { ReportEventBatchesResponse } from './generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { Handled } from './ordered-stream.ts';
import { rejectedMessage } from './rejected-message.ts';

/** Of `max_batch_events`: a batch of up to so many is answered, each of its events rejected; one of more ends the stream. */
const ANSWERED_BATCH_FACTOR = 2;

export interface BatchStreamParts {
  readonly intake: EventIntake;
  readonly limits: () => LimitsConfig;
  /** Whose batches these are. @throws ShoalError UNAUTHENTICATED, NOT_REGISTERED */
  readonly source: { reporting(envelope: Uint8Array | undefined): IngestWorker };
}

/** The batches of one worker in the order of their sequence. Those that come together are taken as one. */
export class BatchStream {
  readonly #parts: BatchStreamParts;
  #expected = 1;

  constructor(parts: BatchStreamParts) {
    this.#parts = parts;
  }

  /**
   * @param messages serialised ReportEventBatchesRequests; their memory is used until they are answered
   * @throws ShoalError INVALID_ARGUMENT for a gap or repeat in the sequence; as {@link scanEventBatch} does
   */
  *take(messages: readonly Uint8Array[]): Generator<Handled<ReportEventBatchesResponse>> {
    const { maxBatchEvents, maxBatchBytes } = this.#parts.limits();
    const together: EventBatch[] = [];
    for (const message of messages) {
      let batch: EventBatch;
      try {
        batch = scanEventBatch(message, ANSWERED_BATCH_FACTOR * maxBatchEvents);
        this.#demandNext(batch);
      } catch (thrown) {
        if (together.length > 0) yield this.#accept(together);
        throw thrown;
      }
      const events = batch.envelopes.length;
      if (events <= maxBatchEvents && message.length <= maxBatchBytes) {
        together.push(batch);
        continue;
      }
      if (together.length > 0) yield this.#accept(together.splice(0));
      yield this.#refuse(
        batch,
        events > maxBatchEvents
          ? `the batch has ${events} events; max_batch_events is ${maxBatchEvents}`
          : `the batch has ${message.length} bytes; max_batch_bytes is ${maxBatchBytes}`,
      );
    }
    if (together.length > 0) yield this.#accept(together);
  }

  #demandNext({ sequence }: EventBatch): void {
    if (sequence !== this.#expected) throw sequenceGap(sequence, this.#expected);
    this.#expected += 1;
  }

  #accept(batches: readonly EventBatch[]): Handled<ReportEventBatchesResponse> {
    let isQuiet = false;
    const answer = this.#accepted(batches, (receipt) => {
      isQuiet = receipt.isQuiet && receipt.rejected.length === 0;
    });
    return { messages: batches.length, answer, mayWait: () => isQuiet };
  }

  async #accepted(
    batches: readonly EventBatch[],
    onReceipt: (receipt: IntakeReceipt) => void,
  ): Promise<ReportEventBatchesResponse> {
    const { intake, source } = this.#parts;
    const envelopes =
      batches.length === 1 ? (batches[0]?.envelopes ?? []) : batches.flatMap((batch) => batch.envelopes);
    const receipt = await intake.accept(source.reporting(envelopes[0]), envelopes);
    onReceipt(receipt);
    const { rejected } = receipt;
    return { sequence: batches.at(-1)?.sequence ?? 0, rejected: placed(rejected, batches) };
  }

  #refuse(batch: EventBatch, why: string): Handled<ReportEventBatchesResponse> {
    return { messages: 1, answer: this.#refused(batch, why) };
  }

  async #refused({ sequence, envelopes }: EventBatch, why: string): Promise<ReportEventBatchesResponse> {
    const { intake, source } = this.#parts;
    const rejected = await intake.refuse(source.reporting(envelopes[0]), envelopes, why);
    return { sequence, rejected: rejected.map((event) => rejectedMessage(event, sequence)) };
  }
}

/** Each with its place in its own batch. @param rejected in ascending order of the index among all events */
function placed(
  rejected: readonly RejectedEvent[],
  batches: readonly EventBatch[],
): ReportEventBatchesResponse['rejected'] {
  let at = 0;
  let first = 0;
  return rejected.map((event) => {
    for (let batch = batches[at]; batch !== undefined; batch = batches[at]) {
      if (event.index < first + batch.envelopes.length) break;
      first += batch.envelopes.length;
      at += 1;
    }
    return rejectedMessage({ ...event, index: event.index - first }, batches[at]?.sequence ?? 0);
  });
}

function sequenceGap(sequence: number, expected: number): ShoalError {
  return invalidArgument(
    'sequence',
    `is ${sequence}, expected ${expected}: it rises by 1 from 1 within a stream; open a new stream and send again what was not acknowledged`,
  );
}
