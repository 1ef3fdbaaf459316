import { type BatchBehaviour, rightBatches } from './batches.ts';
import { type CommandBehaviour, rightCommands } from './commands.ts';
import { type ConnectingBehaviour, rightConnecting } from './connecting.ts';
import { type EndingBehaviour, rightEnding } from './ending.ts';
import { type EventBehaviour, rightEvents } from './events.ts';
import { type HeartbeatBehaviour, rightHeartbeats } from './heartbeats.ts';
import { type NatsBehaviour, rightNats } from './nats.ts';
import { type RegistrationBehaviour, rightRegistration } from './registration.ts';
import { rightSnapshots, type SnapshotBehaviour } from './snapshots.ts';

/** All that a worker decides and could decide wrongly. */
export type Behaviour = RegistrationBehaviour &
  HeartbeatBehaviour &
  EventBehaviour &
  BatchBehaviour &
  ConnectingBehaviour &
  CommandBehaviour &
  SnapshotBehaviour &
  EndingBehaviour &
  NatsBehaviour;

/** As docs/workers.md asks. */
export const rightBehaviour: Behaviour = {
  ...rightRegistration,
  ...rightHeartbeats,
  ...rightEvents,
  ...rightBatches,
  ...rightConnecting,
  ...rightCommands,
  ...rightSnapshots,
  ...rightEnding,
  ...rightNats,
};
