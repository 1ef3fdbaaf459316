import { rightBatches } from '../behaviour/batches.ts';
import type { Faults } from './fault.ts';

const { resent } = rightBatches;

/** Of events: more than any batch. */
const NO_LIMIT = 1_000_000;
/** Of events: it comes to so many in seconds at full speed, and in minutes at its own. */
const A_LOT = 4_096;
const GAP_AFTER = 5;
const FIRST_STREAM = 1;

export const batchFaults: Faults = {
  'numbers-its-batches': {
    it: 'leaves out a number on its first stream',
    does: { sequenceAfter: (last, stream) => last + (stream === FIRST_STREAM && last === GAP_AFTER ? 2 : 1) },
  },
  'keeps-max-batch-events': {
    it: 'puts more events into a batch than it is told',
    does: { limits: (told) => ({ ...told, maxBatchEvents: told.maxBatchEvents + 1 }) },
  },
  'keeps-max-batch-bytes': {
    it: 'does not count the bytes of its batches',
    does: { limits: (told) => ({ ...told, maxBatchBytes: Number.POSITIVE_INFINITY }) },
  },
  'keeps-max-in-flight': {
    it: 'sends batches without waiting for acknowledgements',
    does: { limits: (told) => ({ ...told, maxInFlightBatches: NO_LIMIT }) },
  },
  'holds-when-not-acknowledged': {
    it: 'throws away what does not fit into its memory while nothing is acknowledged',
    does: { tickWith: (unacknowledged) => (unacknowledged < A_LOT ? 'made' : 'lost') },
  },
  'outlives-a-rejected-event': {
    it: 'exits when an event is rejected',
    does: { rejected: 'exit' },
  },
  'outlives-a-rejected-event/again': {
    it: 'sends an event again that was rejected',
    does: { rejected: 'send again' },
  },
  'resends-what-was-not-acknowledged': {
    it: 'sends again nothing but its last batch',
    does: {
      resent: (reconnection) => {
        const all = resent(reconnection);
        return isCut(reconnection) ? all.slice(all.length - reconnection.lastBatchSize) : all;
      },
    },
  },
  'resends-what-was-not-acknowledged/nothing': {
    it: 'sends nothing again',
    does: { resent: (reconnection) => (isCut(reconnection) ? [] : resent(reconnection)) },
  },
  'resends-what-was-not-acknowledged/order': {
    it: 'sends again the latest event first',
    does: {
      resent: (reconnection) => (isCut(reconnection) ? resent(reconnection).toReversed() : resent(reconnection)),
    },
  },
  'does-not-resend-what-was': {
    it: 'sends again the last batch that was acknowledged, too',
    does: {
      resent: (reconnection) =>
        isCut(reconnection) ? [...reconnection.lastAcknowledged, ...resent(reconnection)] : resent(reconnection),
    },
  },
  'begins-each-stream-at-one': {
    it: 'goes on counting its batches over all streams',
    does: { sequenceBefore: (last) => last },
  },
  'resumes-after-the-ordinal': {
    it: 'sends again what Shoal says that it has',
    does: { resent: ({ unacknowledged }) => unacknowledged },
  },
};

/** Shoal was there all the time, and has nothing that it did not acknowledge. */
function isCut({ failedAttempts, resumeAfterOrdinal }: Parameters<typeof resent>[0]): boolean {
  return failedAttempts === 0 && resumeAfterOrdinal === 0;
}
