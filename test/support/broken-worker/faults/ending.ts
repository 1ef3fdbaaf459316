import type { Faults } from './fault.ts';

export const endingFaults: Faults = {
  'obeys-stop': {
    it: 'exits with 1 when it is stopped while it runs',
    does: { exitCodeOfStop: (wasPaused) => (wasPaused ? 0 : 1) },
  },
  'obeys-stop/stays': {
    it: 'acknowledges a stop while it runs, and stays',
    does: { exitCodeOfStop: (wasPaused) => (wasPaused ? 0 : undefined) },
  },
  'obeys-stop-while-paused': {
    it: 'acknowledges a stop while it is paused, and stays',
    does: { exitCodeOfStop: (wasPaused) => (wasPaused ? undefined : 0) },
  },
  'waits-for-the-last-acknowledgement': {
    it: 'waits half a second for the last acknowledgement, and no longer',
    does: { lastWaitMs: 500 },
  },
  'waits-for-the-last-acknowledgement/half-close': {
    it: 'exits without half-closing its stream',
    does: { halfCloses: false },
  },
  'ends-on-SIGTERM': {
    it: 'ignores SIGTERM',
    does: { endsOnSigterm: false },
  },
};
