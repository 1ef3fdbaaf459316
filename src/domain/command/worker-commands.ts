import type { Clock } from '../../ports/clock.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { toShoalError } from '../shoal-error.ts';
import { mayFollow, moveTo } from '../simulation/lifecycle.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Worker } from '../supervision/worker.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import { unreachable } from './command-errors.ts';
import type { CommandOutcome } from './command-outcome.ts';
import { demandSupported, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { ControlAnswer, ControlCourse } from './control-request.ts';
import type { PendingCommands } from './pending-commands.ts';
import { changeByReset } from './reset-change.ts';

export interface WorkerCommandsParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly sender: CommandSender;
  readonly pending: PendingCommands;
  readonly clock: Clock;
}

/** Commands that a worker carries out: delivered, acknowledged, and only then recorded. */
export class WorkerCommands {
  readonly #parts: WorkerCommandsParts;
  /** By worker, how many times it was told to pause or resume, and the latest of them that was done. */
  readonly #turns = new WeakMap<Worker, { sent: number; done: number }>();

  constructor(parts: WorkerCommandsParts) {
    this.#parts = parts;
  }

  /**
   * The worker that is to carry out a command.
   *
   * @throws ShoalError WORKER_UNREACHABLE, CAPABILITY_UNSUPPORTED; INVALID_CONFIG for a reset to another configuration
   */
  addressee(id: SimulationId, command: Command): Worker {
    const worker = this.#parts.directory.ofSimulation(id);
    if (worker === undefined) throw unreachable(id);
    demandSupported(command.name, worker.commands, worker.type);
    if (command.name === 'reset' && command.config !== undefined) worker.type.checkRunConfig(command.config);
    return worker;
  }

  /**
   * Resolves when the worker has the command, or when it has not been delivered in time and may be yet.
   *
   * @throws ShoalError WORKER_UNREACHABLE; INVALID_ARGUMENT for a command that is too large for the way to the worker
   */
  async send(worker: Worker, id: SimulationId, command: Command, untilMs: number): Promise<ControlCourse> {
    const { sender, pending, clock, registry } = this.#parts;
    const commandId = sender.newCommandId();
    const envelope = sender.envelope(commandId, id, command);
    const mayChange = stateAfter(command.name) === undefined ? () => true : this.#takeTurn(worker);
    const apply = (outcome?: CommandOutcome) => this.#apply(id, command, commandId, outcome, mayChange);
    // Left open when the delivery fails: it may have been delivered all the same, and then it has its effect.
    const done = pending.open(worker.id, commandId).then(apply);
    done.catch(ignore);
    const delivery = await before(clock, untilMs, sender.deliver(worker, envelope)).catch((thrown) => {
      if (toShoalError(thrown).code === 'INVALID_ARGUMENT') pending.abandon(worker.id, commandId);
      throw thrown;
    });
    if (delivery === 'unreachable') throw unreachable(id);
    if (delivery === TOO_LATE) return new CommandCourse({ clock, commandId, done });
    if (!worker.type.acknowledges) {
      pending.abandon(worker.id, commandId);
      const applied = await apply();
      return new CommandCourse({ clock, commandId, delivered: applied, done: Promise.resolve(applied) });
    }
    const { lastTick: tick } = registry.figures.of(id);
    const { state } = registry.get(id);
    const delivered = { commandId, state, phase: 'DELIVERED', completed: false, tick } as const;
    const again = () => void sender.deliver(worker, envelope).catch(ignore);
    return new CommandCourse<ControlAnswer>({ clock, commandId, delivered, done, again });
  }

  /**
   * What a command changes once its worker has done it. An absent outcome is a worker type that does not acknowledge.
   *
   * @param mayChange tells whether the state is still the command's to change
   */
  async #apply(
    id: SimulationId,
    command: Command,
    commandId: EventId,
    outcome: CommandOutcome | undefined,
    mayChange: () => boolean,
  ): Promise<ControlAnswer> {
    const { registry } = this.#parts;
    const figures = registry.figures.of(id);
    if (outcome?.ok === false) {
      const { state } = registry.get(id);
      return { commandId, state, phase: 'REFUSED', completed: true, outcome, tick: figures.lastTick };
    }
    if (outcome !== undefined && (outcome.tick > figures.lastTick || command.name === 'reset'))
      figures.lastTick = outcome.tick;
    const simulation = mayChange()
      ? await registry.change(id, (present) => afterCommand(present, command))
      : registry.get(id);
    return {
      commandId,
      state: simulation.state,
      phase: 'APPLIED',
      completed: true,
      tick: outcome?.tick ?? figures.lastTick,
      ...(outcome === undefined ? {} : { outcome }),
    };
  }

  /** A worker pauses and resumes in order: when the later is done, an acknowledgement of the earlier is old news. */
  #takeTurn(worker: Worker): () => boolean {
    const turns = this.#turns.get(worker) ?? { sent: 0, done: 0 };
    this.#turns.set(worker, turns);
    turns.sent += 1;
    const turn = turns.sent;
    return () => {
      if (turn < turns.done) return false;
      turns.done = turn;
      return true;
    };
  }
}

function afterCommand(present: Simulation, command: Command): Simulation {
  const state = stateAfter(command.name);
  if (state !== undefined) return mayFollow(present.state, state) ? moveTo(present, state) : present;
  if (command.name !== 'reset') return present;
  const change = changeByReset(command);
  return Object.keys(change).length === 0 ? present : { ...present, ...change };
}
