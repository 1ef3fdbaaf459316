import type { Clock } from '../../ports/clock.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { SnapshotFiles } from '../../ports/snapshot-files.ts';
import type { LaunchPlan, WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { ErrorCode } from '../error-code.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invariant, toShoalError } from '../shoal-error.ts';
import { launched, starting } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { derivedSeed } from './derived-seed.ts';
import type { EndRecords } from './end-records.ts';
import type { RunOutputs } from './run-outputs.ts';
import type { StartHealth } from './start-health.ts';
import type { SupervisionListener } from './supervision-event.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';
import type { WorkerEnds } from './worker-ends.ts';
import type { WorkerMaker } from './worker-maker.ts';
import type { WorkerWatches } from './worker-watches.ts';

/** Not the worker's doing: the registry was away, the daemon stops, the machine has no room. */
const NOT_ITS_OWN: ReadonlySet<ErrorCode> = new Set(['BUS_UNAVAILABLE', 'SHUTTING_DOWN', 'CAPACITY_EXHAUSTED']);
/** What may pass by itself: no room on the machine, a plugin that was too slow, a disk that is full. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set(['CAPACITY_EXHAUSTED', 'TIMED_OUT', 'BUS_UNAVAILABLE']);

export interface WorkerLaunchesParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly launcher: WorkerLauncher;
  readonly runFiles: RunFiles;
  readonly snapshots: SnapshotFiles;
  readonly clock: Clock;
  readonly outputs: RunOutputs;
  readonly listener: SupervisionListener;
  readonly maker: WorkerMaker;
  readonly watches: WorkerWatches;
  readonly health: StartHealth;
  readonly records: EndRecords;
  readonly ends: WorkerEnds;
}

/** Launches workers. */
export class WorkerLaunches {
  readonly #parts: WorkerLaunchesParts;

  constructor(parts: WorkerLaunchesParts) {
    this.#parts = parts;
  }

  /**
   * For a PENDING or RESTARTING simulation. Never rejects: what goes wrong is in the simulation's record, as soon as the registry takes
   * it.
   *
   * @returns false when the registry is away: that it starts could not be written down, and nothing has happened
   */
  async launch(id: SimulationId, traceparent?: string): Promise<boolean> {
    const { registry, clock, maker } = this.#parts;
    let worker: Worker;
    let simulation: Simulation;
    try {
      worker = maker.make(registry.get(id).workerType);
      // Of the worker before: this one begins anew, and tells where.
      if (registry.get(id).state === 'RESTARTING') registry.figures.of(id).lastTick = 0n;
      simulation = await registry.change(id, (present) => starting(present, worker.id, clock.nowMs()));
    } catch (thrown) {
      const { code } = toShoalError(thrown);
      // It was stopped, or somebody else launches it.
      const isOthers = code === 'ILLEGAL_TRANSITION' || code === 'SIMULATION_NOT_FOUND';
      if (code === 'BUS_UNAVAILABLE') return false;
      if (!isOthers) await this.#failed(id, thrown);
      return true;
    }
    await this.#launch(worker, simulation, traceparent);
    return true;
  }

  async #launch(worker: Worker, simulation: Simulation, traceparent: string | undefined): Promise<void> {
    const { directory, runFiles, launcher, watches, ends } = this.#parts;
    const { id } = simulation;
    /** Resolves when the record says that it runs: its end, however soon, is recorded after that. */
    const recorded = Promise.withResolvers<void>();
    try {
      const plan = await this.#prepare(worker, simulation, traceparent);
      worker.handle = await launcher.launch(plan, {
        onOutput: (line) => worker.output.add(line),
        onExit: (exit) => ends.exited(worker, exit, recorded.promise),
      });
    } catch (thrown) {
      worker.ended = true;
      watches.finished(worker);
      directory.remove(worker);
      const failed = this.#failed(id, thrown, worker);
      await runFiles.remove(worker.id).catch(ignore);
      worker.settleEnd();
      return failed;
    }
    try {
      await this.#launched(worker, id);
    } catch (thrown) {
      const message = `it could not be written down that it runs: ${toShoalError(thrown).message}`;
      watches.condemn(worker, { reason: 'LAUNCH_FAILED', message });
    } finally {
      recorded.resolve();
    }
  }

  /** Gives it its files, and asks the plugin how to launch it. */
  async #prepare(worker: Worker, simulation: Simulation, traceparent: string | undefined): Promise<LaunchPlan> {
    const { runFiles, snapshots, directory, outputs, watches, maker } = this.#parts;
    const { id, incarnation, configuration } = simulation;
    worker.assignment = maker.assignment(worker, simulation);
    outputs.set(id, worker.output);
    watches.begin(worker, simulation);
    directory.add(worker);
    const snapshotDir = await snapshots.prepare(id, incarnation === 1);
    const files = await runFiles.prepare(worker.id, configuration, snapshotDir);
    const restoreFile = simulation.startFrom === 'snapshot' ? await this.#snapshotOf(simulation) : undefined;
    const seed = seedOf(simulation);
    return worker.type.plan({
      workerId: worker.id,
      simulationId: id,
      incarnation,
      token: worker.token,
      files,
      configContentType: configuration.contentType,
      commandTransport: worker.transport,
      ...(seed === undefined ? {} : { seed }),
      ...(restoreFile === undefined ? {} : { restoreFile }),
      ...(traceparent === undefined ? {} : { traceparent }),
    });
  }

  #snapshotOf({ id, snapshotRef, resetAtMs }: Simulation): Promise<string | undefined> {
    return this.#parts.snapshots.find(id, {
      ...(snapshotRef === undefined ? {} : { ref: snapshotRef }),
      ...(resetAtMs === undefined ? {} : { sinceMs: resetAtMs }),
    });
  }

  async #failed(id: SimulationId, thrown: unknown, worker?: Worker): Promise<void> {
    const { registry, listener, records, health, clock } = this.#parts;
    const before = registry.find(id);
    if (before === undefined || before.state === 'STOPPED') return;
    const error = toShoalError(thrown);
    const { code, message } = error;
    // The next daemon launches it, unless it was to be stopped.
    if (code === 'SHUTTING_DOWN' && before.state !== 'STOPPING') return;
    if (worker !== undefined && before.state === 'STARTING' && !NOT_ITS_OWN.has(code)) {
      const end = { atMs: clock.nowMs(), description: message };
      health.ended(worker, end, { state: 'FAILED', reason: 'LAUNCH_FAILED' });
    }
    const failure = { message, mayPass: MAY_PASS.has(code) };
    const after = await records.launchFailed(id, worker?.id ?? before.workerId, failure).catch(ignore);
    listener({ kind: 'launch-failed', simulationId: id, error, willRestart: after?.state === 'RESTARTING' });
  }

  /** The program runs. It may have registered, or even ended, before the launcher answered. */
  async #launched(worker: Worker, id: SimulationId): Promise<void> {
    const { registry, listener, watches, health } = this.#parts;
    const { handle } = worker;
    const { registers } = worker.type;
    invariant(handle, 'the launcher has answered');
    if (registers && !worker.registered) watches.awaitRegistration(worker);
    if (!registers && !worker.ended) health.up(worker);
    await registry.change(id, (present) => launched(present, { id: worker.id, handle, registers }));
    watches.launched(worker);
    listener({ kind: 'launched', worker });
  }
}

function seedOf({ seed, startFrom, incarnation }: Simulation): bigint | undefined {
  return seed !== undefined && startFrom === 'new-seed' ? derivedSeed(seed, incarnation) : seed;
}
