import { type Behaviour, rightBehaviour } from '../behaviour/behaviour.ts';
import { batchFaults } from './batches.ts';
import { commandFaults } from './commands.ts';
import { connectingFaults } from './connecting.ts';
import { endingFaults } from './ending.ts';
import { eventFaults } from './events.ts';
import type { Faults } from './fault.ts';
import { heartbeatFaults } from './heartbeats.ts';
import { natsFaults } from './nats.ts';
import { registrationFaults } from './registration.ts';
import { snapshotFaults } from './snapshots.ts';

/** At least one for each check of `shoal conformance`. */
export const FAULTS: Faults = {
  ...registrationFaults,
  ...heartbeatFaults,
  ...eventFaults,
  ...batchFaults,
  ...connectingFaults,
  ...commandFaults,
  ...snapshotFaults,
  ...endingFaults,
  ...natsFaults,
};

/** Right in all but one thing; in all, where none is named. @throws Error for a fault that there is not */
export function behaviourWith(fault: string | undefined): Behaviour {
  if (fault === undefined) return rightBehaviour;
  const found = FAULTS[fault];
  if (found === undefined) throw new Error(`there is no fault ${fault}; there are ${Object.keys(FAULTS).join(', ')}`);
  return { ...rightBehaviour, ...found.does };
}

/** The check that a fault fails. */
export function checkOf(fault: string): string {
  return fault.split('/')[0] ?? fault;
}
