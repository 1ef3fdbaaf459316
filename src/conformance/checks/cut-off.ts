import type { Scene } from '../check.ts';
import type { Examination } from '../examination.ts';
import { NotPrepared } from '../finding.ts';
import type { SeenEvent } from '../observations.ts';

const SOME_ACKNOWLEDGED_MS = 10_000;
const SOME_HELD_MS = 8_000;
/** By then, the worker has heard of the acknowledgements that were sent before. */
const HEARD_MS = 600;
const ENDED_MS = 5_000;

/** Has its connection cut while batches are not acknowledged, and finds everything well again. */
export const cutOff: Scene = {
  setting: { terms: { maxBatchEvents: 8 } },
  async play(examination) {
    await examination.running();
    await holdSome(examination);
    await cut(examination);
  },
};

/** Until some batches were acknowledged, and after them some were not. @throws NotPrepared when all were */
export async function holdSome(examination: Examination): Promise<void> {
  const { record, examiner } = examination;
  await examination.whether(() => events(examination).acknowledged.length >= 3, SOME_ACKNOWLEDGED_MS);
  examiner.events.hold();
  const held = record.allEvents.length;
  await examination.whether(() => batchesSince(examination, held) >= 2, SOME_HELD_MS);
  await examination.pass(HEARD_MS);
  if (events(examination).unacknowledged.length === 0)
    throw new NotPrepared('the worker reported nothing more, so that no event was left without an acknowledgement');
}

/** Breaks the connection; when that is done, what comes is acknowledged. */
export async function cut(examination: Examination): Promise<void> {
  const { record, examiner } = examination;
  examiner.cut();
  const areOver = () => record.eventStreams.every(({ endedAtMs }) => endedAtMs !== undefined);
  await examination.whether(areOver, ENDED_MS);
  examiner.events.release();
}

export interface SortedEvents {
  readonly acknowledged: readonly SeenEvent[];
  readonly unacknowledged: readonly SeenEvent[];
  /** What came on streams that were opened after the first one had ended. */
  readonly later: readonly SeenEvent[];
}

/** The events of the worker, by what has become of them; all those of its first connection, if it was cut. */
export function events({ record }: Examination): SortedEvents {
  const endMs = record.cutAtMs ?? Number.POSITIVE_INFINITY;
  const [acknowledged, unacknowledged]: [SeenEvent[], SeenEvent[]] = [[], []];
  for (const stream of record.eventStreams.filter(({ atMs }) => atMs < endMs)) {
    for (const { sequence, events: of } of stream.batches) {
      (sequence <= stream.acknowledged ? acknowledged : unacknowledged).push(...of);
    }
  }
  const numbers = new Set(record.eventStreams.filter(({ atMs }) => atMs >= endMs).map(({ number }) => number));
  return { acknowledged, unacknowledged, later: record.allEvents.filter(({ stream }) => numbers.has(stream)) };
}

function batchesSince({ record }: Examination, index: number): number {
  return new Set(record.allEvents.slice(index).map(({ stream, sequence }) => `${stream}/${sequence}`)).size;
}
