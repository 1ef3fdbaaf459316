import type { Authorizer } from '../../ports/authorizer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallContext } from '../call-context.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { SerialQueue } from '../serial-queue.ts';
import { ShoalError } from '../shoal-error.ts';
import { mayFollow, moveTo } from '../simulation/lifecycle.ts';
import type { RequestMemory } from '../simulation/request-memory.ts';
import { jsonConfiguration } from '../simulation/run-configuration.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal, type SimulationState } from '../simulation/simulation-state.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import type { Worker } from '../supervision/worker.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { Command } from './command.ts';
import { CommandCourse } from './command-course.ts';
import { cancelled, neverSent, notAcknowledged, notRestarted, unreachable } from './command-errors.ts';
import type { CommandOutcome } from './command-outcome.ts';
import { demandAllowed, demandSupported, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { PendingCommands } from './pending-commands.ts';

/** Beyond the graces of a stop: the time that the signals and the exit themselves may take. */
const STOP_MARGIN_MS = 5_000;

export interface ControlRequest {
  readonly simulationId: SimulationId;
  readonly command: Command;
  readonly requestId: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
  readonly wait: boolean;
  /** Absent: `limits.command_timeout`. */
  readonly timeoutMs?: number;
  readonly expectedRevision?: number;
}

export interface ControlAnswer {
  readonly commandId: string;
  readonly state: SimulationState;
  readonly phase: 'DELIVERED' | 'APPLIED' | 'REFUSED';
  /** The worker has answered; or, for stop and a restart in place of reset, it is done. */
  readonly completed: boolean;
  readonly outcome?: CommandOutcome;
  readonly tick: bigint;
}

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

type Course = CommandCourse<ControlAnswer>;

/** The use case behind ControlSimulation: contract section 5. */
export class ControlSimulation {
  readonly #parts: ControlSimulationParts;
  /** Commands that change the state wait for the one before, so that each is judged by the state it will meet. */
  readonly #queue = new SerialQueue<SimulationId>();
  /** By worker, how many times it was told to pause or resume, and the latest of them that was done. */
  readonly #turns = new WeakMap<Worker, { sent: number; done: number }>();

  constructor(parts: ControlSimulationParts) {
    this.#parts = parts;
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
    const done = await whileCalled(context, this.#before(untilMs, course.done));
    if (done === TOO_LATE) throw notAcknowledged(request, course.commandId, timeoutMs);
    return done;
  }

  /** Resolves when the command is on its way, within the time that it has; rejects when it is not, and then it never will be. */
  async #begin(context: CallContext, request: ControlRequest, timeoutMs: number): Promise<Course> {
    const { command, simulationId } = request;
    if (command.name === 'stop') return this.#stop(request, command);
    const { clock } = this.#parts;
    const untilMs = clock.monotonicMs() + timeoutMs;
    const begun = Promise.withResolvers<Course>();
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
      const course = await this.#send(request, untilMs);
      begun.resolve(course);
      course.sendUntil(untilMs);
      await this.#before(untilMs, course.done.then(ignore, ignore));
    };
    const over = changesState(command) ? this.#queue.run(simulationId, turn) : turn();
    over.catch(begun.reject);
    return begun.promise;
  }

  async #send(request: ControlRequest, untilMs: number): Promise<Course> {
    const { registry, directory, sender, pending, clock } = this.#parts;
    const { simulationId: id, command } = request;
    this.#demandRevision(request);
    demandAllowed(command.name, registry.get(id).state);
    const worker = directory.ofSimulation(id);
    if (worker === undefined) throw unreachable(id);
    demandSupported(command.name, worker.commands, worker.type);
    if (command.name === 'reset' && command.config !== undefined) worker.type.checkRunConfig(command.config);
    if (command.name === 'reset' && !worker.commands.has('reset')) return this.#restart(id, command);

    const commandId = sender.newCommandId();
    const envelope = sender.envelope(commandId, id, command);
    const mayChange = stateAfter(command.name) === undefined ? () => true : this.#takeTurn(worker);
    const apply = (outcome?: CommandOutcome) => this.#apply(request, commandId, outcome, mayChange);
    // Left open when the delivery fails: it may have been delivered all the same, and then it has its effect.
    const done = pending.open(worker.id, commandId).then(apply);
    done.catch(ignore);
    const delivery = await this.#before(untilMs, sender.deliver(worker, envelope));
    if (delivery === 'unreachable') throw unreachable(id);
    if (delivery === TOO_LATE) return new CommandCourse({ clock, commandId, done });
    if (!worker.type.acknowledges) {
      pending.abandon(worker.id, commandId);
      const applied = await apply();
      return new CommandCourse({ clock, commandId, delivered: applied, done: Promise.resolve(applied) });
    }
    const delivered = this.#delivered(commandId, id);
    const again = () => void sender.deliver(worker, envelope);
    return new CommandCourse({ clock, commandId, delivered, done, again });
  }

  /**
   * What a command changes once its worker has done it. An absent outcome is a worker type that does not acknowledge.
   *
   * @param mayChange tells whether the state is still the command's to change
   */
  async #apply(
    request: ControlRequest,
    commandId: EventId,
    outcome: CommandOutcome | undefined,
    mayChange: () => boolean,
  ): Promise<ControlAnswer> {
    const { registry } = this.#parts;
    const { simulationId: id, command } = request;
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

  async #restart(id: SimulationId, command: ResetCommand): Promise<Course> {
    const { registry, supervisor, sender, clock } = this.#parts;
    const commandId = sender.newCommandId();
    const startPaused = registry.get(id).state === 'PAUSED';
    const restarted = async (): Promise<ControlAnswer> => {
      await supervisor.replaceWorker(id, { ...fromReset(command), startPaused });
      const { state, message } = await registry.until(id, isUpOrOver);
      if (isFinal(state)) throw notRestarted(id, state, message);
      return { commandId, state, phase: 'APPLIED', completed: true, tick: 0n };
    };
    const done = restarted();
    done.catch(ignore);
    const delivered = { commandId, state: 'RESTARTING', phase: 'DELIVERED', completed: false, tick: 0n } as const;
    return new CommandCourse<ControlAnswer>({ clock, commandId, delivered, done });
  }

  async #stop(request: ControlRequest, command: StopCommand): Promise<Course> {
    const { registry, supervisor, sender, clock } = this.#parts;
    const { simulationId: id } = request;
    this.#demandRevision(request);
    demandAllowed('stop', registry.get(id).state);
    const commandId = sender.newCommandId();
    const graceMs = command.graceMs ?? this.#graceMs(id);
    await supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: command.force, graceMs, commandId });
    const ended = async (): Promise<ControlAnswer> => {
      const { state } = await registry.until(id, (present) => isFinal(present.state));
      return { commandId, state, phase: 'APPLIED', completed: true, tick: registry.figures.of(id).lastTick };
    };
    const done = ended();
    done.catch(ignore);
    const delivered = isFinal(registry.get(id).state) ? await done : this.#delivered(commandId, id);
    return new CommandCourse({ clock, commandId, delivered, done });
  }

  #delivered(commandId: EventId, id: SimulationId): ControlAnswer {
    const { registry } = this.#parts;
    const { lastTick: tick } = registry.figures.of(id);
    return { commandId, state: registry.get(id).state, phase: 'DELIVERED', completed: false, tick };
  }

  /** A stop, and a restart, by default have the time that their own steps may take. */
  #timeoutMs({ simulationId: id, command, timeoutMs }: ControlRequest): number {
    if (timeoutMs !== undefined) return timeoutMs;
    if (command.name === 'stop') return 2 * (command.graceMs ?? this.#graceMs(id)) + STOP_MARGIN_MS;
    const worker = this.#parts.directory.ofSimulation(id);
    if (command.name === 'reset' && worker?.commands.has('reset') === false)
      return 2 * this.#graceMs(id) + STOP_MARGIN_MS + worker.type.config.limits.registerTimeoutMs;
    return this.#parts.commandTimeoutMs();
  }

  #graceMs(id: SimulationId): number {
    return this.#parts.directory.ofSimulation(id)?.type.config.stop.graceMs ?? 0;
  }

  async #before<T>(untilMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
    const { clock } = this.#parts;
    const late = Promise.withResolvers<typeof TOO_LATE>();
    const cancel = clock.after(Math.max(0, untilMs - clock.monotonicMs()), () => late.resolve(TOO_LATE));
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      cancel();
    }
  }

  #demandRevision({ simulationId, expectedRevision }: ControlRequest): void {
    if (expectedRevision === undefined) return;
    const { revision } = this.#parts.registry.view(simulationId);
    if (revision === expectedRevision) return;
    throw new ShoalError(
      'REVISION_CONFLICT',
      `simulation ${simulationId} is at revision ${revision}, not ${expectedRevision}; read it again`,
      { metadata: { revision: String(revision) } },
    );
  }
}

const TOO_LATE = Symbol('too late');

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

function isUpOrOver({ state }: Simulation): boolean {
  return state === 'RUNNING' || state === 'PAUSED' || isFinal(state);
}

function afterCommand(present: Simulation, command: Command): Simulation {
  const state = stateAfter(command.name);
  if (state !== undefined) return mayFollow(present.state, state) ? moveTo(present, state) : present;
  if (command.name !== 'reset') return present;
  const change = fromReset(command);
  return Object.keys(change).length === 0 ? present : { ...present, ...change };
}

type ResetCommand = Extract<Command, { name: 'reset' }>;
type StopCommand = Extract<Command, { name: 'stop' }>;

function changesState(command: Command): boolean {
  return command.name === 'reset' || command.name === 'step' || stateAfter(command.name) !== undefined;
}

function fromReset({ seed, config }: ResetCommand): Pick<Partial<Simulation>, 'seed' | 'configuration'> {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(config === undefined ? {} : { configuration: jsonConfiguration(config) }),
  };
}

function ignore(): void {}
