import type { ChildDaemon } from '../../support/daemon/child-daemon.ts';
import type { Ensemble } from './ensemble.ts';
import type { Witness } from './witness.ts';

/** What the tests of the twenty runs share. */
export interface Stage {
  readonly daemon: ChildDaemon;
  readonly witness: Witness;
  readonly ensemble: Ensemble;
}
