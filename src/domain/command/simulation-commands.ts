import type { Clock } from '../../ports/clock.ts';
import { type CallContext, cancelled } from '../call-context.ts';
import { before } from '../deadline.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { SerialQueue } from '../serial-queue.ts';
import { ShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { neverSent, unknownFate } from './command-errors.ts';
import { demandAllowed, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { CommandRequest, ControlCourse, SentCommand } from './control-request.ts';
import type { PendingCommands } from './pending-commands.ts';
import { ProcessCommands } from './process-commands.ts';
import { WorkerCommands } from './worker-commands.ts';

export interface SimulationCommandsParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly supervisor: Supervisor;
  readonly sender: CommandSender;
  readonly pending: PendingCommands;
  readonly clock: Clock;
  readonly commandTimeoutMs: () => number;
}

/** Sets commands on their way: each when it is its turn, and judged by the state that it then meets. */
export class SimulationCommands {
  readonly #parts: SimulationCommandsParts;
  readonly #worker: WorkerCommands;
  readonly #process: ProcessCommands;
  /** Commands that change the state wait for the one before. */
  readonly #queue = new SerialQueue<SimulationId>();

  constructor(parts: SimulationCommandsParts) {
    this.#parts = parts;
    this.#worker = new WorkerCommands(parts);
    this.#process = new ProcessCommands(parts);
  }

  /** Resolves when the command is on its way, within the time that it has; rejects when it is not, and then it never will be. */
  async begin(context: CallContext, request: CommandRequest, timeoutMs: number): Promise<ControlCourse> {
    const { command, simulationId } = request;
    if (command.name === 'stop') {
      this.#demandPossible(request);
      return this.#process.stop(simulationId, command, request.sending);
    }
    const untilMs = this.#parts.clock.monotonicMs() + timeoutMs;
    if (!changesState(command)) return this.#beginNow(context, request, untilMs);
    return this.#beginInTurn(context, request, { timeoutMs, untilMs });
  }

  async #beginNow(context: CallContext, request: CommandRequest, untilMs: number): Promise<ControlCourse> {
    // Whoever gave an id comes back for the answer.
    if (context.signal.aborted && request.requestId === '') throw cancelled();
    const course = await this.#give(request, untilMs);
    course.sendUntil(untilMs);
    return course;
  }

  #beginInTurn(
    context: CallContext,
    request: CommandRequest,
    { timeoutMs, untilMs }: { readonly timeoutMs: number; readonly untilMs: number },
  ): Promise<ControlCourse> {
    const { clock } = this.#parts;
    const { simulationId } = request;
    const begun = Promise.withResolvers<ControlCourse>();
    let isTooLate = false;
    const giveUp = (): void => {
      isTooLate = true;
      begun.reject(neverSent(request, timeoutMs));
    };
    // Where nothing is before it, its turn is now.
    const cancel = this.#queue.isBusy(simulationId) ? clock.after(timeoutMs, giveUp) : ignore;
    const turn = async (): Promise<void> => {
      cancel();
      if (isTooLate) return;
      const course = await this.#beginNow(context, request, untilMs);
      begun.resolve(course);
      await before(clock, untilMs, course.done.then(ignore, ignore));
    };
    this.#queue.run(simulationId, turn).catch(begun.reject);
    return begun.promise;
  }

  /** A stop, and a restart, by default have the time that their own steps may take. */
  timeoutMs({ simulationId: id, command, timeoutMs }: Omit<CommandRequest, 'requestId'>): number {
    if (timeoutMs !== undefined) return timeoutMs;
    if (command.name === 'stop') return this.#process.stopTimeoutMs(id, command);
    const worker = this.#parts.directory.ofSimulation(id);
    if (command.name === 'reset' && worker?.commands.has('reset') === false)
      return this.#process.restartTimeoutMs(worker);
    return this.#parts.commandTimeoutMs();
  }

  async #give(request: CommandRequest, untilMs: number): Promise<ControlCourse> {
    const { command, simulationId, sending } = request;
    this.#demandPossible(request);
    const worker = this.#worker.addressee(simulationId, command);
    if (command.name === 'reset' && !worker.commands.has('reset')) {
      return this.#process.restart(simulationId, command, sending);
    }
    return this.#worker.send(worker, simulationId, command, { untilMs, sending });
  }

  /**
   * Goes on with a command that the daemon before has sent. Its worker may resend its acknowledgement at any time from now on.
   *
   * @returns undefined when nothing of it has happened: it may be given anew. @throws ShoalError WORKER_UNREACHABLE when
   *   nobody knows whether it was done
   */
  async resume(id: SimulationId, command: Command, sent: SentCommand): Promise<ControlCourse | undefined> {
    if (sent.workerId === undefined) return this.#process.resume(id, command, sent);
    const worker = this.#parts.directory.ofSimulation(id);
    if (worker?.id !== sent.workerId) throw unknownFate({ simulationId: id, command }, sent.commandId);
    return this.#worker.resume(worker, id, command, sent.commandId);
  }

  #demandPossible({ simulationId, command, expectedRevision }: CommandRequest): void {
    const { registry } = this.#parts;
    const { revision } = registry.view(simulationId);
    if (expectedRevision !== undefined && revision !== expectedRevision) {
      throw new ShoalError(
        'REVISION_CONFLICT',
        `simulation ${simulationId} is at revision ${revision}, not ${expectedRevision}; read it again`,
        { metadata: { revision: String(revision) } },
      );
    }
    demandAllowed(command.name, registry.get(simulationId).state);
  }
}

function changesState(command: Command): boolean {
  return command.name === 'reset' || command.name === 'step' || stateAfter(command.name) !== undefined;
}
