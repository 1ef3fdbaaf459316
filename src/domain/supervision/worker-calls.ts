import { COMMAND_NAMES, type CommandName } from '../command/command.ts';
import type { LimitsConfig } from '../configuration.ts';
import { quote } from '../ids.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { SimulationState } from '../simulation/simulation-state.ts';
import type { Supervisor } from './supervisor.ts';
import type { Worker } from './worker.ts';
import type { WorkerAuthentication } from './worker-authentication.ts';

export interface Registration {
  readonly simulationId: string;
  readonly supportedCommands: readonly string[];
}

export interface RegistrationAnswer {
  readonly resumed: boolean;
  /** The state that the worker ought to be in. */
  readonly desiredState: SimulationState;
  readonly incarnation: number;
  readonly limits: LimitsConfig;
}

export interface WorkerCallsParts {
  readonly registry: SimulationRegistry;
  readonly authentication: WorkerAuthentication;
  readonly supervisor: Supervisor;
  readonly limits: () => LimitsConfig;
}

/** The use cases behind RegisterWorker and Heartbeat. */
export class WorkerCalls {
  readonly #parts: WorkerCallsParts;

  constructor(parts: WorkerCallsParts) {
    this.#parts = parts;
  }

  /** Idempotent for the same worker. @throws ShoalError COMMAND_FORBIDDEN, INVALID_ARGUMENT, NOT_REGISTERED */
  async register(worker: Worker, registration: Registration): Promise<RegistrationAnswer> {
    const { registry, authentication, supervisor, limits } = this.#parts;
    authentication.demandSimulation(worker, registration.simulationId);
    const { assignment } = worker;
    if (assignment === undefined) throw new ShoalError('NOT_REGISTERED', 'this worker has no simulation yet');
    const spoken = parseCommands(registration.supportedCommands);
    if (spoken.length > 0) worker.commands = new Set(spoken.filter((command) => worker.type.commands.has(command)));
    const resumed = await supervisor.registered(worker);
    const { state } = registry.get(assignment.simulationId);
    return { resumed, desiredState: state, incarnation: assignment.incarnation, limits: limits() };
  }

  /** @returns the state that the worker ought to be in. @throws ShoalError COMMAND_FORBIDDEN, NOT_REGISTERED */
  heartbeat(worker: Worker, simulationId: string, tick: bigint): SimulationState {
    const { registry, authentication, supervisor } = this.#parts;
    authentication.demandSimulation(worker, simulationId);
    const { assignment } = worker;
    if (!worker.registered || assignment === undefined) {
      throw new ShoalError('NOT_REGISTERED', 'call RegisterWorker before Heartbeat');
    }
    assignment.ingest.figures.lastTick = tick;
    supervisor.heartbeat(worker);
    return registry.get(assignment.simulationId).state;
  }
}

function parseCommands(names: readonly string[]): CommandName[] {
  return names.map((name) => {
    const command = COMMAND_NAMES.find((known) => known === name);
    if (command === undefined) {
      throw invalidArgument('supported_commands', `${quote(name)} is not one of ${COMMAND_NAMES.join(', ')}`);
    }
    return command;
  });
}
