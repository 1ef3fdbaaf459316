import type { Clock } from '../../ports/clock.ts';
import { COMMAND_NAMES, type CommandName } from '../command/command.ts';
import type { LimitsConfig } from '../configuration.ts';
import { before, TOO_LATE } from '../deadline.ts';
import { quote, type SimulationId } from '../ids.ts';
import type { LedgerBook } from '../ledger/ledger-book.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import { runsAs } from '../simulation/recovery-steps.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { SimulationState } from '../simulation/simulation-state.ts';
import type { Supervisor } from './supervisor.ts';
import type { Worker } from './worker.ts';
import type { WorkerAuthentication } from './worker-authentication.ts';

/** How long a registration waits for what the log knows of the worker. */
const LEDGER_WITHIN_MS = 2_000;

export interface Registration {
  readonly simulationId: string;
  readonly supportedCommands: readonly string[];
}

export interface RegistrationAnswer {
  readonly resumed: boolean;
  /** The state that the worker ought to be in. */
  readonly desiredState: SimulationState;
  readonly incarnation: number;
  /** All its events up to this ordinal are dealt with; 0 when that is not known. */
  readonly resumeAfterOrdinal: number;
  readonly limits: LimitsConfig;
}

export interface WorkerCallsParts {
  readonly registry: SimulationRegistry;
  readonly authentication: WorkerAuthentication;
  readonly supervisor: Supervisor;
  readonly ledgers: LedgerBook;
  readonly clock: Clock;
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
    const resumeAfterOrdinal = await this.#watermark(worker, assignment.simulationId);
    const { incarnation } = assignment;
    return { resumed, desiredState: state, incarnation, resumeAfterOrdinal, limits: limits() };
  }

  /** 0 is always right, only slower: a log that is away must not keep a worker from registering. */
  async #watermark({ id }: Worker, simulationId: SimulationId): Promise<number> {
    const { ledgers, clock } = this.#parts;
    const present = ledgers.ready(simulationId);
    if (present !== undefined) return present.watermark(id);
    const opened = ledgers.whenReady(simulationId).then(
      (ledger) => ledger.watermark(id),
      () => 0,
    );
    const watermark = await before(clock, clock.monotonicMs() + LEDGER_WITHIN_MS, opened);
    return watermark === TOO_LATE ? 0 : watermark;
  }

  /**
   * @param told the state in which the worker says it is; absent: it says nothing
   * @returns the state that the worker ought to be in. @throws ShoalError COMMAND_FORBIDDEN, NOT_REGISTERED
   */
  heartbeat(worker: Worker, simulationId: string, tick: bigint, told?: SimulationState): SimulationState {
    const { registry, authentication, supervisor } = this.#parts;
    authentication.demandSimulation(worker, simulationId);
    const { assignment } = worker;
    if (!worker.registered || assignment === undefined) {
      throw new ShoalError('NOT_REGISTERED', 'call RegisterWorker before Heartbeat');
    }
    assignment.ingest.figures.lastTick = tick;
    supervisor.heartbeat(worker);
    if (worker.mayDiffer && (told === 'RUNNING' || told === 'PAUSED')) {
      this.#follow(worker, assignment.simulationId, told);
      return told;
    }
    return registry.get(assignment.simulationId).state;
  }

  /** The acknowledgement of its last command may have died with the daemon before: an adopted worker knows better than its record. */
  #follow(worker: Worker, id: SimulationId, told: 'RUNNING' | 'PAUSED'): void {
    worker.mayDiffer = false;
    this.#parts.registry
      .change(id, (present) => runsAs(present, worker.id, told))
      .catch(() => {
        worker.mayDiffer = true;
      });
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
