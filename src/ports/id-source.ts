import type { EventId, SimulationId, WorkerId } from '../domain/ids.ts';

/** New identities. Each is unique across restarts of the daemon, and tokens cannot be guessed. */
export interface IdSource {
  simulationId(): SimulationId;
  workerId(): WorkerId;
  /** Also the command id that a worker acknowledges. */
  eventId(): EventId;
  /** Always the same for a worker, also from the next daemon on the data folder: 256 bits, safe in a header and an environment variable. */
  token(workerId: WorkerId): string;
}
