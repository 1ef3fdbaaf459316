import type { Clock } from '../../ports/clock.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import type { Worker } from '../supervision/worker.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import { notRestarted } from './command-errors.ts';
import type { CommandSender } from './command-sender.ts';
import type {
  ControlAnswer,
  ControlCourse,
  ResetCommand,
  Sending,
  SentCommand,
  StopCommand,
} from './control-request.ts';
import { changeByReset } from './reset-change.ts';

/** Beyond the graces of a stop: the time that the signals and the exit themselves may take. */
const STOP_MARGIN_MS = 5_000;

export interface ProcessCommandsParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly supervisor: Supervisor;
  readonly sender: CommandSender;
  readonly clock: Clock;
}

/** Commands that Shoal carries out itself, on the worker's process: stop, and a restart where a worker cannot reset. */
export class ProcessCommands {
  readonly #parts: ProcessCommandsParts;

  constructor(parts: ProcessCommandsParts) {
    this.#parts = parts;
  }

  /** Resolves when the stop has begun. */
  async stop(id: SimulationId, command: StopCommand, sending?: Sending): Promise<ControlCourse> {
    const { registry, supervisor, sender } = this.#parts;
    const commandId = sender.newCommandId();
    const graceMs = this.#graceMs(id, command);
    await sending?.begins({ commandId, incarnation: registry.get(id).incarnation });
    await supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: command.force, graceMs, commandId });
    return this.#untilEnded(id, commandId);
  }

  /** Begins to give the simulation a new process. */
  async restart(id: SimulationId, command: ResetCommand, sending?: Sending): Promise<ControlCourse> {
    const { registry, supervisor, sender } = this.#parts;
    const commandId = sender.newCommandId();
    const { state, incarnation } = registry.get(id);
    await sending?.begins({ commandId, incarnation });
    const replaced = supervisor.replaceWorker(id, { ...changeByReset(command), startPaused: state === 'PAUSED' });
    return this.#untilUp(id, commandId, replaced);
  }

  /**
   * Goes on with a command that the daemon before had begun.
   *
   * @returns undefined when nothing of it has happened: it may be given anew
   */
  async resume(
    id: SimulationId,
    command: Command,
    { commandId, incarnation }: SentCommand,
  ): Promise<ControlCourse | undefined> {
    const present = this.#parts.registry.get(id);
    if (command.name === 'stop') {
      return isFinal(present.state) || present.state === 'STOPPING' ? this.#untilEnded(id, commandId) : undefined;
    }
    const hasBegun = present.incarnation > incarnation || present.state === 'RESTARTING' || isFinal(present.state);
    return hasBegun ? this.#untilUp(id, commandId, Promise.resolve()) : undefined;
  }

  async #untilEnded(id: SimulationId, commandId: EventId): Promise<ControlCourse> {
    const { registry, clock } = this.#parts;
    const ended = async (): Promise<ControlAnswer> => {
      const { state } = await registry.until(id, (present) => isFinal(present.state));
      return { commandId, state, phase: 'APPLIED', completed: true, tick: registry.figures.of(id).lastTick };
    };
    const done = ended();
    done.catch(ignore);
    const { state } = registry.get(id);
    const tick = registry.figures.of(id).lastTick;
    const delivered = isFinal(state)
      ? await done
      : ({ commandId, state, phase: 'DELIVERED', completed: false, tick } as const);
    return new CommandCourse<ControlAnswer>({ clock, commandId, delivered, done });
  }

  #untilUp(id: SimulationId, commandId: EventId, replaced: Promise<unknown>): ControlCourse {
    const { registry, clock } = this.#parts;
    const restarted = async (): Promise<ControlAnswer> => {
      await replaced;
      const { state, message } = await registry.until(id, isUpOrOver);
      if (isFinal(state)) throw notRestarted(id, state, message);
      return { commandId, state, phase: 'APPLIED', completed: true, tick: 0n };
    };
    const done = restarted();
    done.catch(ignore);
    const delivered = { commandId, state: 'RESTARTING', phase: 'DELIVERED', completed: false, tick: 0n } as const;
    return new CommandCourse<ControlAnswer>({ clock, commandId, delivered, done });
  }

  stopTimeoutMs(id: SimulationId, command: StopCommand): number {
    return 2 * this.#graceMs(id, command) + STOP_MARGIN_MS;
  }

  restartTimeoutMs({ type: { config } }: Worker): number {
    return 2 * config.stop.graceMs + STOP_MARGIN_MS + config.limits.registerTimeoutMs;
  }

  #graceMs(id: SimulationId, { graceMs }: StopCommand): number {
    return graceMs ?? this.#parts.directory.ofSimulation(id)?.type.config.stop.graceMs ?? 0;
  }
}

function isUpOrOver({ state }: Simulation): boolean {
  return state === 'RUNNING' || state === 'PAUSED' || isFinal(state);
}
