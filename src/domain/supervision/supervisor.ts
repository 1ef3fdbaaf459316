import type { Clock } from '../../ports/clock.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { LaunchPlan, WorkerExit, WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { CommandSender } from '../command/command-sender.ts';
import type { PendingCommands } from '../command/pending-commands.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invariant, toShoalError } from '../shoal-error.ts';
import { moveTo } from '../simulation/lifecycle.ts';
import { launched, registered, starting, stopping } from '../simulation/run-steps.ts';
import type { Simulation, SimulationReason } from '../simulation/simulation.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import { EndRecords } from './end-records.ts';
import { describeExit } from './exit-description.ts';
import type { RunOutputs } from './run-outputs.ts';
import type { SupervisionListener } from './supervision-event.ts';
import { Termination, type TerminationOptions } from './termination.ts';
import { type Verdict, Vigil } from './vigil.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';
import { WorkerMaker, type WorkerMakerParts } from './worker-maker.ts';

/** A worker that has exited may have events in its sockets still; its token stays good so long, or until it is replaced. */
const TOKEN_LINGER_MS = 2_000;

/** Of the output, looked at for what ended a worker. */
const EXIT_LINES = 30;

export interface SupervisorParts extends WorkerMakerParts {
  readonly directory: WorkerDirectory;
  readonly launcher: WorkerLauncher;
  readonly runFiles: RunFiles;
  readonly sender: CommandSender;
  readonly pending: PendingCommands;
  readonly clock: Clock;
  readonly outputs: RunOutputs;
  readonly listener: SupervisionListener;
}

/** Launches a worker for each simulation, watches over it, and ends it. One simulation has at most one live worker. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #maker: WorkerMaker;
  readonly #ends: EndRecords;
  readonly #watched = new Map<Worker, { readonly termination: Termination; readonly vigil: Vigil }>();
  #isClosing = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#maker = new WorkerMaker(parts);
    this.#ends = new EndRecords(parts.registry, parts.clock);
  }

  /** Launches a worker for a PENDING or RESTARTING simulation. Never rejects: what goes wrong is in the simulation's record. */
  async launch(id: SimulationId, traceparent?: string): Promise<void> {
    if (this.#isClosing) {
      await this.stop(id, 'SHUTDOWN', { force: true, graceMs: 0 }).catch(ignore);
      return;
    }
    let worker: Worker;
    try {
      worker = this.#maker.make(this.#parts.registry.get(id).workerType);
    } catch (thrown) {
      return this.#launchFailed(id, thrown);
    }
    await this.#launch(worker, id, traceparent);
  }

  /** The worker has called RegisterWorker. @returns whether it had before */
  async registered(worker: Worker): Promise<boolean> {
    const assignment = worker.assignment;
    invariant(assignment, 'only a worker with a simulation registers');
    const resumed = worker.registered;
    worker.registered = true;
    this.#watched.get(worker)?.vigil.registered();
    await this.#parts.registry.change(assignment.simulationId, (present) => registered(present, worker.id));
    this.#parts.directory.changed();
    if (!resumed) this.#parts.listener({ kind: 'registered', worker });
    return resumed;
  }

  heartbeat(worker: Worker): void {
    this.#watched.get(worker)?.vigil.heartbeat();
  }

  /**
   * Begins to end a simulation, or to end it with less patience. Resolves when the record says so; `SimulationRegistry.until` waits for the end.
   *
   * @throws ShoalError SIMULATION_NOT_FOUND
   */
  async stop(id: SimulationId, reason: SimulationReason, options: TerminationOptions): Promise<void> {
    const { registry, directory, clock } = this.#parts;
    await registry.change(id, (present) => stopping(present, reason, clock.nowMs()));
    const worker = directory.ofSimulation(id);
    if (worker !== undefined) this.#end(worker, options);
  }

  /**
   * Gives a simulation a fresh process, for a worker type that cannot reset. Resolves when the next one is launched.
   *
   * @throws ShoalError ILLEGAL_TRANSITION
   */
  async replaceWorker(
    id: SimulationId,
    change: Pick<Partial<Simulation>, 'seed' | 'configuration' | 'startPaused'>,
  ): Promise<void> {
    const { registry, directory } = this.#parts;
    await registry.change(id, (present) => moveTo(present, 'RESTARTING', { ...change, reason: 'RESET_BY_RESTART' }));
    const worker = directory.ofSimulation(id);
    if (worker !== undefined) {
      this.#end(worker, { force: false, graceMs: worker.type.config.stop.graceMs });
      await worker.gone;
    }
    if (registry.find(id)?.state !== 'RESTARTING') return;
    registry.figures.of(id).lastTick = 0n;
    await this.launch(id);
  }

  /**
   * Stops every simulation and resolves when no worker and nothing of it is left; from now on nothing is launched. A
   * simulation that cannot be recorded as stopped loses its worker all the same.
   */
  async stopAll(patience: { readonly force: boolean }): Promise<void> {
    this.#isClosing = true;
    const { registry, directory, catalogue } = this.#parts;
    const open = [...registry.simulations()].filter(({ state }) => !isFinal(state) && state !== 'LOST');
    const stops = open.map(({ id, workerType }) => {
      const graceMs = catalogue.get(workerType)?.config.stop.graceMs ?? 0;
      return this.stop(id, 'SHUTDOWN', { force: patience.force, graceMs });
    });
    await Promise.allSettled(stops);
    for (const worker of directory.all()) {
      this.#end(worker, { force: patience.force, graceMs: worker.type.config.stop.graceMs });
    }
    await Promise.all(directory.all().map((worker) => worker.gone));
  }

  async #launch(worker: Worker, id: SimulationId, traceparent: string | undefined): Promise<void> {
    const { directory, runFiles, launcher } = this.#parts;
    /** Resolves when the record says that it runs: its end, however soon, is recorded after that. */
    const recorded = Promise.withResolvers<void>();
    try {
      const plan = await this.#prepare(worker, id, traceparent);
      worker.handle = await launcher.launch(plan, {
        onOutput: (line) => worker.output.add(line),
        onExit: (exit) => this.#exited(worker, exit, recorded.promise),
      });
    } catch (thrown) {
      worker.ended = true;
      this.#watched.delete(worker);
      directory.remove(worker);
      await this.#launchFailed(id, thrown);
      await runFiles.remove(worker.id).catch(ignore);
      worker.settleEnd();
      return;
    }
    try {
      await this.#launched(worker, id);
    } catch (thrown) {
      this.#end(worker, { force: true, graceMs: 0 });
      await this.#launchFailed(id, thrown);
    } finally {
      recorded.resolve();
    }
  }

  /** Records that it is STARTING, gives it its files, and asks the plugin how to launch it. */
  async #prepare(worker: Worker, id: SimulationId, traceparent: string | undefined): Promise<LaunchPlan> {
    const { registry, runFiles, clock } = this.#parts;
    const simulation = await registry.change(id, (present) => starting(present, worker.id, clock.nowMs()));
    worker.assignment = this.#maker.assignment(worker, simulation);
    this.#watch(worker, simulation);
    const files = await runFiles.prepare(worker.id, simulation.configuration);
    return worker.type.plan({
      workerId: worker.id,
      simulationId: id,
      incarnation: simulation.incarnation,
      token: worker.token,
      files,
      configContentType: simulation.configuration.contentType,
      commandTransport: worker.transport,
      ...(simulation.seed === undefined ? {} : { seed: simulation.seed }),
      ...(traceparent === undefined ? {} : { traceparent }),
    });
  }

  async #launchFailed(id: SimulationId, thrown: unknown): Promise<void> {
    const { registry, listener } = this.#parts;
    const state = registry.find(id)?.state;
    if (state === undefined || state === 'STOPPED') return;
    const error = toShoalError(thrown);
    await this.#ends.launchFailed(id, error.message);
    listener({ kind: 'launch-failed', simulationId: id, error });
  }

  #watch(worker: Worker, { id }: Simulation): void {
    const { directory, launcher, sender, clock, limits, outputs } = this.#parts;
    const termination = new Termination(worker, { launcher, sender, clock });
    const vigil = new Vigil(clock, (verdict) => this.#condemn(worker, verdict), {
      registerTimeoutMs: worker.type.config.limits.registerTimeoutMs,
      heartbeatIntervalMs: limits().heartbeatIntervalMs,
    });
    this.#watched.set(worker, { termination, vigil });
    outputs.set(id, worker.output);
    directory.add(worker);
  }

  /** The program runs. It may have registered, or even ended, before the launcher answered. */
  async #launched(worker: Worker, id: SimulationId): Promise<void> {
    const { registry, listener } = this.#parts;
    const watch = this.#watched.get(worker);
    const { handle } = worker;
    invariant(handle, 'the launcher has answered');
    if (worker.type.registers && !worker.registered) watch?.vigil.launched();
    const { registers } = worker.type;
    await registry.change(id, (present) => launched(present, { id: worker.id, handle, registers }));
    watch?.termination.launched();
    listener({ kind: 'launched', worker });
  }

  #condemn(worker: Worker, verdict: Verdict): void {
    worker.verdict = verdict;
    this.#end(worker, { force: true, graceMs: 0 });
  }

  /** From now on nobody watches over the worker but this: it has the time that it is given. */
  #end(worker: Worker, options: TerminationOptions): void {
    const watch = this.#watched.get(worker);
    watch?.vigil.finished();
    watch?.termination.begin(options);
  }

  #exited(worker: Worker, exit: WorkerExit, recorded: Promise<void>): void {
    worker.ended = true;
    const watch = this.#watched.get(worker);
    this.#watched.delete(worker);
    watch?.termination.finished();
    watch?.vigil.finished();
    const description = describeExit(exit, worker.output.last(EXIT_LINES), worker.verdict);
    this.#parts.pending.workerEnded(worker.id, description);
    void recorded.then(() => this.#recordEnd(worker, exit, description));
  }

  /** Never rejects: the worker is let go of, whatever cannot be written or removed. */
  async #recordEnd(worker: Worker, exit: WorkerExit, description: string): Promise<void> {
    const { directory, runFiles, clock, listener } = this.#parts;
    const id = worker.assignment?.simulationId;
    invariant(id, 'a launched worker has a simulation');
    const after = await this.#ends.ended(id, worker, exit, description);
    const simulation = after?.workerId === worker.id && isFinal(after.state) ? after : undefined;
    clock.after(TOKEN_LINGER_MS, () => directory.remove(worker));
    listener({ kind: 'ended', worker, exit, description, ...(simulation === undefined ? {} : { simulation }) });
    await runFiles.remove(worker.id).catch(ignore);
    worker.settleEnd();
  }
}
