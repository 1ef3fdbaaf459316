import type { EventId, SimulationId } from '../ids.ts';
import { ShoalError } from '../shoal-error.ts';
import type { SimulationState } from '../simulation/simulation-state.ts';
import type { Command } from './command.ts';

/** The command that an error is about. */
export interface Addressed {
  readonly simulationId: SimulationId;
  readonly command: Command;
}

export function unreachable(id: SimulationId): ShoalError {
  return new ShoalError('WORKER_UNREACHABLE', `no worker of simulation ${id} is listening for commands`, {
    metadata: { simulation_id: id },
  });
}

/** The worker's transport has not taken it in time, or broke while it did. */
export function unconfirmed({ command, simulationId }: Addressed, commandId: EventId): ShoalError {
  return new ShoalError(
    'WORKER_UNREACHABLE',
    `the worker of simulation ${simulationId} does not take its commands: ${command.name} may have been delivered; send the request again under its request_id`,
    { metadata: { command_id: commandId, simulation_id: simulationId } },
  );
}

/** The daemon was killed while the command was under way, and so its worker has gone. */
export function unknownFate({ command, simulationId }: Addressed, commandId: EventId): ShoalError {
  return new ShoalError(
    'WORKER_UNREACHABLE',
    `the daemon was killed while ${command.name} of simulation ${simulationId} was under way, and its worker has ended: it is not known whether it was done; look at the simulation, and use a new request_id`,
    { metadata: { command_id: commandId, simulation_id: simulationId } },
  );
}

/** The new process that was to take the place of a reset did not come up. */
export function notRestarted(id: SimulationId, state: SimulationState, message = ''): ShoalError {
  return new ShoalError('WORKER_UNREACHABLE', `simulation ${id} was restarted and is ${state}: ${message}`, {
    metadata: { simulation_id: id, state },
  });
}

export function notAcknowledged(
  { command, simulationId }: Addressed,
  commandId: EventId | '',
  timeoutMs: number,
): ShoalError {
  return new ShoalError(
    'TIMED_OUT',
    `${command.name} of simulation ${simulationId} was not acknowledged within ${timeoutMs} ms; it may still take effect`,
    { metadata: { command_id: commandId, simulation_id: simulationId } },
  );
}

export function neverSent({ command, simulationId }: Addressed, timeoutMs: number): ShoalError {
  return new ShoalError(
    'TIMED_OUT',
    `${command.name} of simulation ${simulationId} was not sent within ${timeoutMs} ms: the command before it is not done`,
    { metadata: { simulation_id: simulationId } },
  );
}
