import { writeFileSync } from 'node:fs';
import { rightSnapshots } from '../behaviour/snapshots.ts';
import type { Faults } from './fault.ts';

const { snapshotRef } = rightSnapshots;

export const snapshotFaults: Faults = {
  'writes-a-snapshot': {
    it: 'acknowledges a snapshot and writes it a moment later',
    does: {
      writeSnapshot: (file, text) => {
        writeFileSync(file, '');
        setTimeout(() => writeFileSync(file, text), 1_500);
      },
    },
  },
  'writes-a-snapshot/nothing': {
    it: 'acknowledges a snapshot that is not there',
    does: { snapshotRef: (name) => `${snapshotRef(name)}.bin` },
  },
  'writes-a-snapshot/unnamed': {
    it: 'does not say how its snapshot is called',
    does: { snapshotRef: () => '' },
  },
  'restores-a-snapshot': {
    it: 'begins at tick 0 whatever it is to be restored from',
    does: { restored: () => undefined },
  },
  'restores-a-snapshot/chance': {
    it: 'restores the tick and throws new dice',
    does: { restored: (state) => ({ ...state, random: state.random + 1 }) },
  },
  'restores-a-snapshot/tick': {
    it: 'restores the world and begins a tick too early',
    does: { restored: (state) => ({ ...state, tick: state.tick - 1 }) },
  },
};
