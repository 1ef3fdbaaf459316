import type { Check } from '../check.ts';
import { BACKPRESSURE_CHECKS } from './backpressure.ts';
import { CARE_CHECKS } from './care.ts';
import { COMMAND_CHECKS } from './commands.ts';
import { CONNECTION_CHECKS } from './connection.ts';
import { END_CHECKS } from './end.ts';
import { EVENT_CHECKS } from './events.ts';
import { HEARTBEAT_CHECKS } from './heartbeats.ts';
import { IDENTITY_CHECKS } from './identities.ts';
import { LIMIT_CHECKS } from './limits.ts';
import { LOST_CHECKS } from './lost.ts';
import { NATS_CHECKS } from './nats.ts';
import { OPTIONAL_COMMAND_CHECKS } from './optional-commands.ts';
import { PAUSED_START_CHECKS } from './paused-start.ts';
import { REGISTRATION_CHECKS } from './registration.ts';
import { REGISTRATION_ANSWER_CHECKS } from './registration-answers.ts';
import { RESET_CHECKS } from './reset.ts';
import { SNAPSHOT_CHECKS } from './snapshots.ts';

/** Every check, in the order of reports. */
export const CHECKS: readonly Check[] = [
  ...REGISTRATION_CHECKS,
  ...REGISTRATION_ANSWER_CHECKS,
  ...PAUSED_START_CHECKS,
  ...HEARTBEAT_CHECKS,
  ...EVENT_CHECKS,
  ...IDENTITY_CHECKS,
  ...LIMIT_CHECKS,
  ...BACKPRESSURE_CHECKS,
  ...CONNECTION_CHECKS,
  ...LOST_CHECKS,
  ...COMMAND_CHECKS,
  ...RESET_CHECKS,
  ...CARE_CHECKS,
  ...OPTIONAL_COMMAND_CHECKS,
  ...SNAPSHOT_CHECKS,
  ...END_CHECKS,
  ...NATS_CHECKS,
];
