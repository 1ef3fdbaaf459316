import { status } from '@grpc/grpc-js';
import { rightBatches } from '../behaviour/batches.ts';
import { rightConnecting } from '../behaviour/connecting.ts';
import type { Faults } from './fault.ts';

const { afterLoss } = rightConnecting;
const { resent } = rightBatches;

/** Those that are told a shorter one are to be orphaned, those that are told a longer one to outlive an outage. */
const LONG_MS = 10_000;

export const connectingFaults: Faults = {
  'listens-again': {
    it: 'does not listen to commands again when its connection was cut',
    does: { listens: (isFirst, failedAttempts) => isFirst || failedAttempts > 0 },
  },
  'ends-when-replaced': {
    it: 'takes its commands back from the worker that has replaced it',
    does: { afterLoss: (loss) => (loss.code === status.ABORTED ? { againAfterMs: 200 } : afterLoss(loss)) },
  },
  'ends-when-replaced/exit-code': {
    it: 'exits with 0 when it is replaced',
    does: { afterLoss: (loss) => (loss.code === status.ABORTED ? { exitCode: 0 } : afterLoss(loss)) },
  },
  'ends-when-orphaned': {
    it: 'looks for Shoal for ever',
    does: {
      afterLoss: (loss) => {
        const isOrphaned = loss.unreachableMs >= loss.orphanTimeoutMs;
        return isOrphaned ? { againAfterMs: 1_000 } : afterLoss(loss);
      },
    },
  },
  'ends-when-orphaned/early': {
    it: 'exits after a tenth of its orphan timeout',
    does: {
      afterLoss: (loss) => {
        const isOver = loss.orphanTimeoutMs < LONG_MS && loss.unreachableMs > loss.orphanTimeoutMs / 10;
        return isOver ? { exitCode: 1 } : afterLoss(loss);
      },
    },
  },
  'ends-when-orphaned/exit-code': {
    it: 'exits with 0 when it is orphaned',
    does: {
      afterLoss: (loss) => (loss.unreachableMs >= loss.orphanTimeoutMs ? { exitCode: 0 } : afterLoss(loss)),
    },
  },
  'outlives-a-short-outage': {
    it: 'exits when Shoal is away',
    does: {
      afterLoss: (loss) => {
        const isOutage = loss.wasRegistered && loss.failedAttempts > 1 && loss.orphanTimeoutMs >= LONG_MS;
        return isOutage ? { exitCode: 1 } : afterLoss(loss);
      },
    },
  },
  'outlives-a-short-outage/loses': {
    it: 'forgets what was not acknowledged when Shoal was away',
    does: { resent: (reconnection) => (reconnection.failedAttempts > 0 ? [] : resent(reconnection)) },
  },
  'outlives-a-short-outage/twice': {
    it: 'sends again what was acknowledged when Shoal was away',
    does: {
      resent: (reconnection) =>
        reconnection.failedAttempts > 0
          ? [...reconnection.lastAcknowledged, ...resent(reconnection)]
          : resent(reconnection),
    },
  },
};
