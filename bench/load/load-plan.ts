import { type EventShape, EventSource } from './event-source.ts';
import { GrpcWire, type LoadTarget } from './grpc-wire.ts';
import type { LoadOutcome } from './load-outcome.ts';
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
/** Messages of one event: unacknowledged, and written to the socket together. */
const STREAM_WINDOW = 1_024;
const STREAM_MESSAGES_PER_WRITE = 32;
/** `limits.max_in_flight_batches` of a Shoal that was not configured. */
const BATCH_WINDOW = 8;

/** Sends as fast as it can for so long, and waits for the last acknowledgement. The same for Shoal and for its ceilings. */
export async function runLoad(
  target: LoadTarget,
  shape: Omit<EventShape, 'payloadBytes'>,
  { mode, seconds }: LoadPlan,
): Promise<LoadOutcome> {
  const wire = new GrpcWire(target);
  try {
    return await runMode(wire, new EventSource({ ...shape, payloadBytes: PAYLOAD_BYTES }), mode, seconds);
  } finally {
    wire.close();
  }
}

function runMode(wire: GrpcWire, source: EventSource, mode: LoadMode, seconds: number): Promise<LoadOutcome> {
  if (mode === 'unary') {
    const message = source.messages(1);
    return runUnaryLoad(wire, () => message(1), { seconds, concurrency: UNARY_CONCURRENCY });
  }
  if (mode === 'stream') {
    const messages = source.messages(STREAM_MESSAGES_PER_WRITE);
    return runStreamLoad(wire, (_first, count) => messages(count), {
      seconds,
      eventsPerMessage: 1,
      window: STREAM_WINDOW,
      messagesPerWrite: STREAM_MESSAGES_PER_WRITE,
    });
  }
  const options = { seconds, eventsPerMessage: BATCH_EVENTS, window: BATCH_WINDOW, messagesPerWrite: 1 };
  return runStreamLoad(wire, source.batches(BATCH_EVENTS), options);
}
