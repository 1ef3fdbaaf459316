import type { Clock } from '../../ports/clock.ts';
import type { Delivery } from '../../ports/command-channel.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { toShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Worker } from '../supervision/worker.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import { CommandEffects } from './command-effects.ts';
import { unconfirmed, unreachable } from './command-errors.ts';
import { demandSupported, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { ControlAnswer, ControlCourse, Sending } from './control-request.ts';
import type { PendingCommands } from './pending-commands.ts';

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
  readonly #effects: CommandEffects;

  constructor(parts: WorkerCommandsParts) {
    this.#parts = parts;
    this.#effects = new CommandEffects(parts.registry, parts.clock);
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
   * @throws ShoalError WORKER_UNREACHABLE, which says how a worker ended that has ended meanwhile; INVALID_ARGUMENT for a
   *   command that is too large for the way to the worker; BUS_UNAVAILABLE. `sending` hears of it when it may have been delivered
   *   all the same
   */
  async send(
    worker: Worker,
    id: SimulationId,
    command: Command,
    { untilMs, sending }: { readonly untilMs: number; readonly sending?: Sending | undefined },
  ): Promise<ControlCourse> {
    const { sender, pending, clock, registry } = this.#parts;
    const commandId = sender.newCommandId();
    const { incarnation } = registry.get(id);
    // Opened before anything is waited for: an end of the worker is heard from here on.
    const done = this.#open(worker, id, command, commandId);
    if (stateAfter(command.name) !== undefined) worker.mayDiffer = false;
    const envelope = sender.envelope(commandId, id, command);
    const again = () => void sender.deliver(worker, envelope).catch(ignore);
    const inDoubt = (): void => {
      // One that cannot acknowledge cannot know the command again either.
      if (worker.type.acknowledges)
        sending?.inDoubt(new CommandCourse({ clock, commandId, done, again, isUnsent: true }));
    };
    let isSent = false;
    const deliver = (): Promise<Delivery> => {
      isSent = true;
      return sender.deliver(worker, envelope);
    };
    const begun = sending?.begins({ commandId, workerId: worker.id, incarnation }).catch((thrown) => {
      pending.abandon(worker.id, commandId);
      throw thrown;
    });
    const delivered = begun === undefined ? deliver() : begun.then(deliver);
    // Left open when the delivery fails: it may have been delivered all the same, and then it has its effect.
    const delivery = await before(clock, untilMs, unlessDone(delivered, done)).catch((thrown) => {
      if (toShoalError(thrown).code === 'INVALID_ARGUMENT') pending.abandon(worker.id, commandId);
      else if (isSent) inDoubt();
      throw thrown;
    });
    if (delivery === 'unreachable') throw unreachable(id);
    if (delivery === 'in doubt') {
      inDoubt();
      throw unconfirmed({ simulationId: id, command }, commandId);
    }
    if (delivery === TOO_LATE) return new CommandCourse({ clock, commandId, done });
    if (!worker.type.acknowledges) {
      pending.abandon(worker.id, commandId);
      const applied = await this.#effects.apply({
        worker,
        simulationId: id,
        command,
        commandId,
        mayChange: this.#effects.told(worker, command),
      });
      return new CommandCourse({ clock, commandId, delivered: applied, done: Promise.resolve(applied) });
    }
    const { lastTick: tick } = registry.figures.of(id);
    const { state } = registry.get(id);
    const answer = { commandId, state, phase: 'DELIVERED', completed: false, tick } as const;
    return new CommandCourse<ControlAnswer>({ clock, commandId, delivered: answer, done, again });
  }

  /** Goes on with a command that the daemon before has sent, or was about to: under the same id, for the worker does it once. */
  resume(worker: Worker, id: SimulationId, command: Command, commandId: EventId): ControlCourse {
    const { sender, clock } = this.#parts;
    const done = this.#open(worker, id, command, commandId);
    const envelope = sender.envelope(commandId, id, command);
    const again = () => void sender.deliver(worker, envelope).catch(ignore);
    return new CommandCourse<ControlAnswer>({ clock, commandId, done, again, isUnsent: true });
  }

  #open(worker: Worker, simulationId: SimulationId, command: Command, commandId: EventId): Promise<ControlAnswer> {
    const mayChange = this.#effects.told(worker, command);
    const told = { worker, simulationId, command, commandId, mayChange };
    const done = this.#parts.pending.open(worker.id, commandId).then((outcome) => this.#effects.apply(told, outcome));
    done.catch(ignore);
    return done;
  }
}

/** As the delivery, unless the command is done, or will never be, before it is known how that went. */
function unlessDone(delivery: Promise<Delivery>, done: Promise<unknown>): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    delivery.then(resolve, reject);
    done.then(() => resolve('delivered'), reject);
  });
}
