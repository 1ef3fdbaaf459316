import type { Check, Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat, NotApplicable } from '../finding.ts';
import type { Observations, SeenBatch } from '../observations.ts';

const MAX_BATCH_EVENTS = 3;
const MAX_IN_FLIGHT = 2;
/** Of an event, too: a daemon allows no larger events than batches. */
const MAX_BATCH_BYTES = 16 * 1024;
const STEPS = 20;
/** So that small events are too many for one batch. */
const STEPS_OF_BYTES = 100;
const HELD_MS = 1_000;
const FILL_MS = 10_000;
const DONE_MS = 30_000;

/** Has more to report than it may send: a long step, with acknowledgements held for a while. */
function crowded(terms: NonNullable<Scene['setting']['terms']>, ticks: number): Scene {
  return {
    setting: { terms: { ...terms, desiredState: 'SIMULATION_STATE_PAUSED' } },
    async play(examination) {
      const { record, examiner } = examination;
      await examination.registered();
      examiner.events.hold();
      const sent = examination.send(COMMANDS.step(ticks));
      await examination.whether(() => batchesOf(record).length >= MAX_IN_FLIGHT, FILL_MS);
      await examination.pass(HELD_MS);
      examiner.events.release();
      await examination.whether(() => examination.acksOf(sent).length > 0, DONE_MS);
    },
  };
}

const manyEvents = crowded({ maxBatchEvents: MAX_BATCH_EVENTS, maxInFlightBatches: MAX_IN_FLIGHT }, STEPS);
const manyBytes = crowded(
  {
    maxBatchEvents: 1_024,
    maxEventBytes: MAX_BATCH_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    maxInFlightBatches: MAX_IN_FLIGHT,
  },
  STEPS_OF_BYTES,
);

const section = 'batches';

export const LIMIT_CHECKS: readonly Check[] = [
  {
    id: 'keeps-max-batch-events',
    section,
    title: 'puts no more events into a batch than max_batch_events',
    fix: 'Read max_batch_events in the answer to RegisterWorker, each time; all events of a larger batch are rejected.',
    needs: { commands: ['step'] },
    scene: manyEvents,
    run({ record }) {
      const most = Math.max(...someBatches(record).map(({ events }) => events.length));
      expectThat(most <= MAX_BATCH_EVENTS, `batches of at most ${MAX_BATCH_EVENTS} events`, () => `one of ${most}`);
    },
  },
  {
    id: 'keeps-max-batch-bytes',
    section,
    title: 'puts no more bytes into a batch than max_batch_bytes',
    fix: 'Read max_batch_bytes in the answer to RegisterWorker; count the bytes of the whole message, and begin a new batch before it is exceeded.',
    needs: { commands: ['step'] },
    scene: manyBytes,
    run({ record }) {
      const batches = someBatches(record);
      // An event that is larger than max_event_bytes fits into no batch.
      const large = batches.find(
        ({ bytes, events }) =>
          bytes > MAX_BATCH_BYTES && !(events.length === 1 && (events[0]?.payloadBytes ?? 0) > MAX_BATCH_BYTES),
      );
      expectThat(
        large === undefined,
        `batches of at most ${MAX_BATCH_BYTES} bytes`,
        () => `${large?.bytes} bytes in a batch of ${large?.events.length} events`,
      );
    },
  },
  {
    id: 'keeps-max-in-flight',
    section,
    title: 'sends no more batches than max_in_flight_batches while they are not acknowledged',
    fix: 'Count the batches that were sent and not acknowledged, and hold the next one back at max_in_flight_batches.',
    needs: { commands: ['step'] },
    scene: manyEvents,
    run({ record }) {
      const most = Math.max(...someBatches(record).map(({ inFlight }) => inFlight));
      expectThat(most <= MAX_IN_FLIGHT, `at most ${MAX_IN_FLIGHT} unacknowledged batches`, () => `${most}`);
    },
  },
];

/** The limits are those of ReportEventBatches. @throws NotApplicable for a worker that reports its events one by one */
function someBatches(record: Observations): SeenBatch[] {
  const { eventStreams } = record;
  const isOneByOne = eventStreams.length > 0 && eventStreams.every(({ kind }) => kind !== 'batches');
  if (isOneByOne) throw new NotApplicable('it reports its events one by one, not in batches');
  const batches = batchesOf(record);
  expectThat(batches.length > 0, 'batches of events', () => record.lately());
  return batches;
}

function batchesOf({ eventStreams }: Observations): SeenBatch[] {
  return eventStreams.filter(({ kind }) => kind === 'batches').flatMap(({ batches }) => batches);
}
