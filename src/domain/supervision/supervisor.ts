import type { Clock } from '../../ports/clock.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { SnapshotFiles } from '../../ports/snapshot-files.ts';
import type { LaunchObserver, WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { CommandSender } from '../command/command-sender.ts';
import type { PendingCommands } from '../command/pending-commands.ts';
import { before } from '../deadline.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invariant } from '../shoal-error.ts';
import { registered, resetByRestart, stopping } from '../simulation/run-steps.ts';
import type { Simulation, SimulationReason } from '../simulation/simulation.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import { EndRecords } from './end-records.ts';
import { LaunchTimers } from './launch-timers.ts';
import { RestartDecisions } from './restart-decisions.ts';
import type { RunOutputs } from './run-outputs.ts';
import { StallReports } from './stall-reports.ts';
import { StartHealth } from './start-health.ts';
import type { SupervisionListener } from './supervision-event.ts';
import type { TerminationOptions } from './termination.ts';
import type { Verdict } from './vigil.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';
import { WorkerEnds } from './worker-ends.ts';
import { WorkerLaunches } from './worker-launches.ts';
import { WorkerMaker, type WorkerMakerParts } from './worker-maker.ts';
import type { WorkerTypeBreakers } from './worker-type-breakers.ts';
import { WorkerWatches } from './worker-watches.ts';

/** When the daemon stops, workers wait no longer than this for their records to say so: the registry may be away. */
const RECORDS_MS = 500;

export interface SupervisorParts extends WorkerMakerParts {
  readonly directory: WorkerDirectory;
  readonly launcher: WorkerLauncher;
  readonly runFiles: RunFiles;
  readonly snapshots: SnapshotFiles;
  readonly sender: CommandSender;
  readonly pending: PendingCommands;
  readonly clock: Clock;
  readonly outputs: RunOutputs;
  readonly breakers: WorkerTypeBreakers;
  /** From 0 to just below 1: the jitter of restarts. */
  readonly chance: () => number;
  readonly listener: SupervisionListener;
}

/** What a daemon that stops allows its workers. */
export interface StopPatience {
  readonly force: boolean;
  /** Graces that are longer are cut to it. */
  readonly maxGraceMs?: number;
}

/** Launches a worker for each simulation, watches over it, restarts and ends it. One simulation has at most one live worker. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #catalogue: WorkerTypeCatalogue;
  readonly #maker: WorkerMaker;
  readonly #watches: WorkerWatches;
  readonly #health: StartHealth;
  readonly #records: EndRecords;
  readonly #ends: WorkerEnds;
  readonly #launches: WorkerLaunches;
  readonly #timers: LaunchTimers;
  #isClosing = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    const { registry, clock, breakers, listener } = parts;
    this.#catalogue = parts.catalogue;
    this.#maker = new WorkerMaker(parts);
    this.#watches = new WorkerWatches({ ...parts, stalls: new StallReports(registry, listener) });
    this.#health = new StartHealth(clock, breakers);
    this.#records = new EndRecords(registry, clock, new RestartDecisions(parts));
    const shared = { ...parts, watches: this.#watches, health: this.#health, records: this.#records };
    this.#ends = new WorkerEnds(shared);
    this.#launches = new WorkerLaunches({ ...shared, maker: this.#maker, ends: this.#ends });
    const launch = (id: SimulationId, traceparent?: string) => this.#launch(id, traceparent);
    this.#timers = new LaunchTimers({ ...parts, launch });
  }

  /** Launches a worker for a PENDING or RESTARTING simulation. Never rejects: what goes wrong is in the simulation's record. */
  launch(id: SimulationId, traceparent?: string): Promise<void> {
    return this.#timers.launch(id, traceparent);
  }

  async #launch(id: SimulationId, traceparent?: string): Promise<boolean> {
    if (!this.#isClosing) return this.#launches.launch(id, traceparent);
    await this.stop(id, 'SHUTDOWN', { force: true, graceMs: 0 }).catch(ignore);
    return true;
  }

  /** Goes on with a RESTARTING simulation that was loaded from the registry, when its time has come. */
  resumeRestart(id: SimulationId): void {
    this.#timers.resume(id);
  }

  /** Takes over the worker that the record names, launched by an earlier daemon; the observer is for its launcher. */
  adopt(simulation: Simulation): { readonly worker: Worker; readonly observer: LaunchObserver } {
    const { directory, outputs } = this.#parts;
    const { id, workerId, workerType, handle, state } = simulation;
    const worker = this.#maker.make(workerType, workerId);
    worker.assignment = this.#maker.assignment(worker, simulation);
    worker.handle = handle;
    worker.adopted = true;
    worker.mayDiffer = true;
    outputs.set(id, worker.output);
    this.#watches.begin(worker, simulation);
    if (simulation.heartbeats) this.#watches.owesHeartbeats(worker);
    if (simulation.countsTicks) this.#watches.countsTicks(worker);
    directory.add(worker);
    if (state === 'RUNNING' || state === 'PAUSED') this.#health.up(worker);
    const observer: LaunchObserver = {
      onOutput: (line) => worker.output.add(line),
      onExit: (exit) => this.#ends.exited(worker, exit, Promise.resolve()),
    };
    return { worker, observer };
  }

  /** It has to register within the time that its type gives. */
  awaitRegistration(worker: Worker): void {
    this.#watches.awaitRegistration(worker);
  }

  /** Ends a worker at once, for a reason that nobody asked for. */
  condemn(worker: Worker, verdict: Verdict): void {
    this.#watches.condemn(worker, verdict);
  }

  /** The worker has called RegisterWorker. @returns whether it had before */
  async registered(worker: Worker): Promise<boolean> {
    const assignment = worker.assignment;
    invariant(assignment, 'only a worker with a simulation registers');
    const resumed = worker.registered || worker.adopted;
    const next = (present: Simulation) => registered(present, worker.id);
    this.#watches.registered(worker);
    await this.#parts.registry.change(assignment.simulationId, next).catch((thrown) => {
      // It has to call once more, and not at its leisure.
      if (!worker.ended) this.#watches.awaitRegistration(worker);
      throw thrown;
    });
    worker.registered = true;
    this.#watches.registered(worker);
    this.#parts.directory.changed();
    if (!worker.ended) this.#health.up(worker);
    if (!resumed) this.#parts.listener({ kind: 'registered', worker });
    return resumed;
  }

  heartbeat(worker: Worker): void {
    this.#watches.heartbeat(worker);
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
    if (worker !== undefined) this.#watches.end(worker, options);
  }

  /**
   * Gives a simulation a fresh process, for a worker type that cannot reset. Resolves when the next one is launched, or is going to
   * be as soon as the registry takes it.
   *
   * @throws ShoalError ILLEGAL_TRANSITION
   */
  async replaceWorker(
    id: SimulationId,
    change: Pick<Partial<Simulation>, 'seed' | 'configuration' | 'startPaused'>,
  ): Promise<void> {
    const { registry, directory, clock } = this.#parts;
    await registry.change(id, (present) => resetByRestart(present, change, clock.nowMs()));
    const worker = directory.ofSimulation(id);
    if (worker !== undefined) {
      this.#watches.end(worker, { force: false, graceMs: worker.type.config.stop.graceMs });
      await worker.gone;
    }
    if (registry.find(id)?.state === 'RESTARTING') await this.launch(id);
  }

  /**
   * Stops every simulation and resolves when no worker and nothing of it is left; from now on nothing is launched. A
   * simulation that cannot be recorded as stopped loses its worker all the same.
   */
  async stopAll({ force, maxGraceMs = Number.POSITIVE_INFINITY }: StopPatience): Promise<void> {
    this.#isClosing = true;
    this.#timers.close();
    this.#records.close();
    const { registry, directory, clock } = this.#parts;
    const open = [...registry.simulations()].filter(({ state }) => !isFinal(state) && state !== 'LOST');
    const stops = open.map(({ id, workerType }) => {
      const graceMs = Math.min(this.#catalogue.get(workerType)?.config.stop.graceMs ?? 0, maxGraceMs);
      return this.stop(id, 'SHUTDOWN', { force, graceMs });
    });
    await before(clock, clock.monotonicMs() + RECORDS_MS, Promise.allSettled(stops));
    for (const worker of directory.all()) {
      this.#watches.end(worker, { force, graceMs: Math.min(worker.type.config.stop.graceMs, maxGraceMs) });
    }
    await Promise.all(directory.all().map((worker) => worker.gone));
  }
}
