import { EventSource, type EventShape } from './event-source.ts';
import type { LoadOutcome, LoadTarget } from './load-outcome.ts';
import { runStreamLoad } from './stream-load.ts';
import { runUnaryLoad } from './unary-load.ts';

export const LOAD_MODES = ['unary', 'stream', 'batch'] as const;
export type LoadMode = (typeof LOAD_MODES)[number];

/** One measurement, as it is asked of a sender. */
export interface LoadPlan {
  readonly mode: LoadMode;
  readonly seconds: number;
}

export const PAYLOAD_BYTES = 256;
export const BATCH_EVENTS = 64;
/** Calls under way at once: enough that the server never waits. */
const UNARY_CONCURRENCY = 64;
/** Messages unacknowledged: the limits of a Shoal that was not configured. */
const STREAM_WINDOW = 1_024;
const BATCH_WINDOW = 8;

/** Sends as fast as it can for so long, and waits for the last acknowledgement. The same for Shoal and for its ceilings. */
export function runLoad(
  target: LoadTarget,
  shape: Omit<EventShape, 'payloadBytes'>,
  { mode, seconds }: LoadPlan,
): Promise<LoadOutcome> {
  const source = new EventSource({ ...shape, payloadBytes: PAYLOAD_BYTES });
  if (mode === 'unary')
    return runUnaryLoad(target, () => source.event(), { seconds, concurrency: UNARY_CONCURRENCY });
  if (mode === 'stream')
    return runStreamLoad(target, () => source.event(), { seconds, eventsPerMessage: 1, window: STREAM_WINDOW });
  return runStreamLoad(target, source.batches(BATCH_EVENTS), {
    seconds,
    eventsPerMessage: BATCH_EVENTS,
    window: BATCH_WINDOW,
  });
}
