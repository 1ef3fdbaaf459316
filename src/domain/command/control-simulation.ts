import type { Authorizer } from '../../ports/authorizer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallContext } from '../call-context.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { SimulationId } from '../ids.ts';
import { SerialQueue } from '../serial-queue.ts';
import { ShoalError } from '../shoal-error.ts';
import type { RequestMemory } from '../simulation/request-memory.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { cancelled, neverSent, notAcknowledged } from './command-errors.ts';
import { demandAllowed, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { ControlAnswer, ControlCourse, ControlRequest } from './control-request.ts';
import type { PendingCommands } from './pending-commands.ts';
import { ProcessCommands } from './process-commands.ts';
import { WorkerCommands } from './worker-commands.ts';

export interface ControlSimulationParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly supervisor: Supervisor;
  readonly sender: CommandSender;
  readonly pending: PendingCommands;
  readonly requests: RequestMemory;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly commandTimeoutMs: () => number;
}

/** The use case behind ControlSimulation, contract section 5: who may, when it is its turn, and how long anyone waits. */
export class ControlSimulation {
  readonly #parts: ControlSimulationParts;
  readonly #worker: WorkerCommands;
  readonly #process: ProcessCommands;
  /** Commands that change the state wait for the one before, so that each is judged by the state it will meet. */
  readonly #queue = new SerialQueue<SimulationId>();

  constructor(parts: ControlSimulationParts) {
    this.#parts = parts;
    this.#worker = new WorkerCommands(parts);
    this.#process = new ProcessCommands(parts);
  }

  /** @throws ShoalError as contract section 5 says; CANCELLED when the caller has gone, which does not undo the command */
  async run(context: CallContext, request: ControlRequest): Promise<ControlAnswer> {
    const { authorizer, requests, registry, clock } = this.#parts;
    const { id, labels } = registry.get(request.simulationId);
    authorizer.demand(context, 'control', { simulationId: id, labels });
    const scope = `${context.principal.name} ControlSimulation`;
    const timeoutMs = this.#timeoutMs(request);
    const untilMs = clock.monotonicMs() + timeoutMs;
    const joined = requests.once(scope, request.requestId, request.fingerprint, () =>
      this.#begin(context, request, timeoutMs),
    );
    const course = await whileCalled(context, joined);
    if (!request.wait && course.delivered !== undefined) return course.delivered;
    course.sendUntil(untilMs);
    const done = await whileCalled(context, before(clock, untilMs, course.done));
    if (done === TOO_LATE) throw notAcknowledged(request, course.commandId, timeoutMs);
    return done;
  }

  /** Resolves when the command is on its way, within the time that it has; rejects when it is not, and then it never will be. */
  async #begin(context: CallContext, request: ControlRequest, timeoutMs: number): Promise<ControlCourse> {
    const { command, simulationId } = request;
    if (command.name === 'stop') {
      this.#demandPossible(request);
      return this.#process.stop(simulationId, command);
    }
    const { clock } = this.#parts;
    const untilMs = clock.monotonicMs() + timeoutMs;
    const begun = Promise.withResolvers<ControlCourse>();
    let isTooLate = false;
    const cancel = clock.after(timeoutMs, () => {
      isTooLate = true;
      begun.reject(neverSent(request, timeoutMs));
    });
    const turn = async (): Promise<void> => {
      cancel();
      if (isTooLate) return;
      // Whoever gave an id comes back for the answer.
      if (context.signal.aborted && request.requestId === '') throw cancelled();
      const course = await this.#give(request, untilMs);
      begun.resolve(course);
      course.sendUntil(untilMs);
      await before(clock, untilMs, course.done.then(ignore, ignore));
    };
    const over = changesState(command) ? this.#queue.run(simulationId, turn) : turn();
    over.catch(begun.reject);
    return begun.promise;
  }

  async #give(request: ControlRequest, untilMs: number): Promise<ControlCourse> {
    const { command, simulationId } = request;
    this.#demandPossible(request);
    const worker = this.#worker.addressee(simulationId, command);
    if (command.name === 'reset' && !worker.commands.has('reset')) return this.#process.restart(simulationId, command);
    return this.#worker.send(worker, simulationId, command, untilMs);
  }

  #demandPossible({ simulationId, command, expectedRevision }: ControlRequest): void {
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

  /** A stop, and a restart, by default have the time that their own steps may take. */
  #timeoutMs({ simulationId: id, command, timeoutMs }: ControlRequest): number {
    if (timeoutMs !== undefined) return timeoutMs;
    if (command.name === 'stop') return this.#process.stopTimeoutMs(id, command);
    const worker = this.#parts.directory.ofSimulation(id);
    if (command.name === 'reset' && worker?.commands.has('reset') === false)
      return this.#process.restartTimeoutMs(worker);
    return this.#parts.commandTimeoutMs();
  }
}

/** As `work` does, but no longer than the caller is there. */
async function whileCalled<T>({ signal }: CallContext, work: Promise<T>): Promise<T> {
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(cancelled());
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function changesState(command: Command): boolean {
  return command.name === 'reset' || command.name === 'step' || stateAfter(command.name) !== undefined;
}

function ignore(): void {}
