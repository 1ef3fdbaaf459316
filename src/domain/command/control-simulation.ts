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
import type { CommandOutcome } from './command-outcome.ts';
import { demandAllowed, demandSupported, stateAfter } from './command-policy.ts';
import type { CommandSender } from './command-sender.ts';
import type { PendingCommands } from './pending-commands.ts';

/** A command that was delivered but not acknowledged is sent again this often; the worker does it once. */
const RESEND_MS = 1_000;
/** Beyond the two graces of a stop: the time that the signals and the exit themselves may take. */
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

/** The use case behind ControlSimulation: contract section 5. */
export class ControlSimulation {
  readonly #parts: ControlSimulationParts;
  /** Commands that change the state wait for the one before, so that each is judged by the state it will meet. */
  readonly #queue = new SerialQueue<SimulationId>();

  constructor(parts: ControlSimulationParts) {
    this.#parts = parts;
  }

  /** @throws ShoalError as contract section 5 says */
  async run(context: CallContext, request: ControlRequest): Promise<ControlAnswer> {
    const { authorizer, requests, registry } = this.#parts;
    const { id, labels } = registry.get(request.simulationId);
    authorizer.demand(context, 'control', { simulationId: id, labels });
    const scope = `${context.principal.name} ControlSimulation`;
    return requests.once(scope, request.requestId, request.fingerprint, () => this.#control(context, request));
  }

  async #control(context: CallContext, request: ControlRequest): Promise<ControlAnswer> {
    this.#demandRevision(request);
    const { command, simulationId } = request;
    if (command.name === 'stop') return this.#stop(context, request, command);
    const answer = Promise.withResolvers<ControlAnswer>();
    const course = async () => answer.resolve(await this.#send(request, answer.resolve));
    const done = changesState(command) ? this.#queue.run(simulationId, course) : course();
    done.catch(answer.reject);
    return answer.promise;
  }

  /** Resolves when the worker has answered and the record says so. `delivered` hears of the delivery if nobody waits for more. */
  async #send(request: ControlRequest, delivered: (answer: ControlAnswer) => void): Promise<ControlAnswer> {
    const { registry, directory, sender, pending } = this.#parts;
    const { simulationId: id, command } = request;
    const { state, workerType } = registry.get(id);
    demandAllowed(command.name, state);
    const worker = directory.ofSimulation(id);
    if (worker === undefined) throw unreachable(id);
    demandSupported(command.name, worker.commands, workerType);
    if (command.name === 'reset') this.#checkConfig(worker, command);
    if (command.name === 'reset' && !worker.commands.has('reset')) return this.#restart(request, command, delivered);

    const commandId = sender.newCommandId();
    const envelope = sender.envelope(commandId, id, command);
    const applied = pending.open(worker.id, commandId).then((outcome) => this.#apply(request, commandId, outcome));
    applied.catch(ignore);
    if ((await sender.deliver(worker, envelope)) === 'unreachable') {
      pending.abandon(worker.id, commandId);
      throw unreachable(id);
    }
    if (!worker.type.acknowledges) {
      pending.abandon(worker.id, commandId);
      return this.#apply(request, commandId, undefined);
    }
    if (!request.wait)
      delivered({
        commandId,
        state: registry.get(id).state,
        phase: 'DELIVERED',
        completed: false,
        tick: registry.figures.of(id).lastTick,
      });
    return this.#acknowledged(request, commandId, applied, () => sender.deliver(worker, envelope));
  }

  /** Waits for the acknowledgement, sending again meanwhile. An acknowledgement that comes too late still has its effect. */
  async #acknowledged(
    request: ControlRequest,
    commandId: EventId,
    applied: Promise<ControlAnswer>,
    again: () => void,
  ): Promise<ControlAnswer> {
    const { clock, commandTimeoutMs } = this.#parts;
    const timeoutMs = request.timeoutMs ?? commandTimeoutMs();
    const timedOut = Promise.withResolvers<never>();
    let cancelResend = clock.after(RESEND_MS, function resend() {
      again();
      cancelResend = clock.after(RESEND_MS, resend);
    });
    const cancelTimeout = clock.after(timeoutMs, () => timedOut.reject(tooLate(request, commandId, timeoutMs)));
    try {
      return await Promise.race([applied, timedOut.promise]);
    } finally {
      cancelResend();
      cancelTimeout();
    }
  }

  /** What a command changes once its worker has done it. An absent outcome is a worker type that does not acknowledge. */
  async #apply(
    request: ControlRequest,
    commandId: EventId,
    outcome: CommandOutcome | undefined,
  ): Promise<ControlAnswer> {
    const { registry } = this.#parts;
    const { simulationId: id, command } = request;
    const figures = registry.figures.of(id);
    if (outcome?.ok === false) {
      return {
        commandId,
        state: registry.get(id).state,
        phase: 'REFUSED',
        completed: true,
        outcome,
        tick: figures.lastTick,
      };
    }
    if (outcome !== undefined && (outcome.tick > figures.lastTick || command.name === 'reset'))
      figures.lastTick = outcome.tick;
    const simulation = await registry.change(id, (present) => this.#changed(present, command));
    return {
      commandId,
      state: simulation.state,
      phase: 'APPLIED',
      completed: true,
      tick: outcome?.tick ?? figures.lastTick,
      ...(outcome === undefined ? {} : { outcome }),
    };
  }

  #changed(present: Simulation, command: Command): Simulation {
    const state = stateAfter(command.name);
    if (state !== undefined) return mayFollow(present.state, state) ? moveTo(present, state) : present;
    return command.name === 'reset' ? { ...present, ...fromReset(command) } : present;
  }

  #checkConfig(worker: Worker, command: ResetCommand): void {
    if (command.config !== undefined) worker.type.checkRunConfig(command.config);
  }

  async #restart(
    request: ControlRequest,
    command: ResetCommand,
    delivered: (answer: ControlAnswer) => void,
  ): Promise<ControlAnswer> {
    const { registry, supervisor, sender } = this.#parts;
    const { simulationId: id } = request;
    const commandId = sender.newCommandId();
    const startPaused = registry.get(id).state === 'PAUSED';
    const replaced = supervisor.replaceWorker(id, { ...fromReset(command), startPaused });
    const answer = { commandId, state: 'RESTARTING', phase: 'DELIVERED', completed: false, tick: 0n } as const;
    if (!request.wait) delivered(answer);
    await replaced;
    const { state } = await this.#until(
      request,
      commandId,
      (present) => present.state === 'RUNNING' || present.state === 'PAUSED' || isFinal(present.state),
    );
    if (isFinal(state)) throw unreachable(id);
    return { ...answer, state, phase: 'APPLIED', completed: true };
  }

  async #stop(context: CallContext, request: ControlRequest, command: StopCommand): Promise<ControlAnswer> {
    const { registry, directory, supervisor, sender } = this.#parts;
    const { simulationId: id } = request;
    demandAllowed('stop', registry.get(id).state);
    const commandId = sender.newCommandId();
    const graceMs = command.graceMs ?? directory.ofSimulation(id)?.type.config.stop.graceMs ?? 0;
    await supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: command.force, graceMs, commandId });
    const tick = registry.figures.of(id).lastTick;
    const { state } = registry.get(id);
    if (!request.wait && !isFinal(state)) return { commandId, state, phase: 'DELIVERED', completed: false, tick };
    const patience = { ...request, timeoutMs: request.timeoutMs ?? 2 * graceMs + STOP_MARGIN_MS };
    const ended = await this.#until(patience, commandId, (present) => isFinal(present.state), context.signal);
    return { commandId, state: ended.state, phase: 'APPLIED', completed: true, tick };
  }

  async #until(
    request: ControlRequest,
    commandId: EventId,
    condition: (simulation: Simulation) => boolean,
    signal?: AbortSignal,
  ): Promise<Simulation> {
    const { registry, clock, commandTimeoutMs } = this.#parts;
    const timeoutMs = request.timeoutMs ?? commandTimeoutMs();
    const expiry = new AbortController();
    const cancel = clock.after(timeoutMs, () => expiry.abort(tooLate(request, commandId, timeoutMs)));
    try {
      return await registry.until(
        request.simulationId,
        condition,
        signal === undefined ? expiry.signal : AbortSignal.any([expiry.signal, signal]),
      );
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
      {
        metadata: { revision: String(revision) },
      },
    );
  }
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

function unreachable(id: SimulationId): ShoalError {
  return new ShoalError('WORKER_UNREACHABLE', `no worker of simulation ${id} is listening for commands`, {
    metadata: { simulation_id: id },
  });
}

function tooLate(request: ControlRequest, commandId: EventId, timeoutMs: number): ShoalError {
  const { command, simulationId } = request;
  return new ShoalError(
    'TIMED_OUT',
    `${command.name} of simulation ${simulationId} was not acknowledged within ${timeoutMs} ms; it may still take effect`,
    {
      metadata: { command_id: commandId, simulation_id: simulationId },
    },
  );
}

function ignore(): void {}
