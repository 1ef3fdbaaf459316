import type { WorkerId } from '../ids.ts';

/** Where a worker with the transport `nats` hears its commands: contract section 4. */
export function commandSubject(workerId: WorkerId): string {
  return `commands.worker.${workerId}.control`;
}
