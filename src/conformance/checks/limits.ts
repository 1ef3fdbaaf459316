import type { Check, Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat } from '../finding.ts';
import type { Observations } from '../observations.ts';

const MAX_BATCH_EVENTS = 3;
const MAX_IN_FLIGHT = 2;
const MAX_BATCH_BYTES = 2_048;
const STEPS = 20;
const HELD_MS = 1_000;
const FILL_MS = 10_000;
const DONE_MS = 30_000;

/** Has more to report than it may send: a long step, with acknowledgements held for a while. */
function crowded(terms: NonNullable<Scene['setting']['terms']>): Scene {
  return {
    setting: { terms: { ...terms, desiredState: 'SIMULATION_STATE_PAUSED' } },
    async play(examination) {
      const { record, examiner } = examination;
      await examination.registered();
      examiner.events.hold();
      const sent = examination.send(COMMANDS.step(STEPS));
      await examination.whether(() => batchesOf(record).length >= MAX_IN_FLIGHT, FILL_MS);
      await examination.pass(HELD_MS);
      examiner.events.release();
      await examination.whether(() => examination.acksOf(sent).length > 0, DONE_MS);
    },
  };
}

const manyEvents = crowded({ maxBatchEvents: MAX_BATCH_EVENTS, maxInFlightBatches: MAX_IN_FLIGHT });
const manyBytes = crowded({ maxBatchBytes: MAX_BATCH_BYTES, maxInFlightBatches: MAX_IN_FLIGHT });

const section = 'batches';

export const LIMIT_CHECKS: readonly Check[] = [
  {
    id: 'keeps-max-batch-events',
    section,
    title: 'puts no more events into a batch than max_batch_events',
    fix: 'Read max_batch_events in the answer to RegisterWorker, each time; all events of a larger batch are rejected.',
    scene: manyEvents,
    run({ record }) {
      const most = Math.max(0, ...batchesOf(record).map(({ events }) => events.length));
      expectThat(most > 0, 'batches of events', () => record.lately());
      expectThat(most <= MAX_BATCH_EVENTS, `batches of at most ${MAX_BATCH_EVENTS} events`, () => `one of ${most}`);
    },
  },
  {
    id: 'keeps-max-batch-bytes',
    section,
    title: 'puts no more bytes into a batch than max_batch_bytes, unless it is one event alone',
    fix: 'Read max_batch_bytes in the answer to RegisterWorker; count the bytes of the whole message, and begin a new batch before it is exceeded.',
    scene: manyBytes,
    run({ record }) {
      expectThat(batchesOf(record).length > 0, 'batches of events', () => record.lately());
      const large = batchesOf(record).find(({ bytes, events }) => bytes > MAX_BATCH_BYTES && events.length > 1);
      expectThat(
        large === undefined,
        `batches of at most ${MAX_BATCH_BYTES} bytes, or of one event`,
        () => `${large?.bytes} bytes in a batch of ${large?.events.length} events`,
      );
    },
  },
  {
    id: 'keeps-max-in-flight',
    section,
    title: 'sends no more batches than max_in_flight_batches while they are not acknowledged',
    fix: 'Count the batches that were sent and not acknowledged, and hold the next one back at max_in_flight_batches.',
    scene: manyEvents,
    run({ record }) {
      const most = Math.max(0, ...batchesOf(record).map(({ inFlight }) => inFlight));
      expectThat(most > 0, 'batches of events', () => record.lately());
      expectThat(most <= MAX_IN_FLIGHT, `at most ${MAX_IN_FLIGHT} unacknowledged batches`, () => `${most}`);
    },
  },
];

function batchesOf({ eventStreams }: Observations) {
  return eventStreams.flatMap(({ batches }) => batches);
}
