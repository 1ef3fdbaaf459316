import type { Clock } from '../../ports/clock.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { LaunchHandle, WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import { before } from '../deadline.ts';
import type { SimulationId, WorkerId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { lost, orphaned, unlaunched } from '../simulation/recovery-steps.ts';
import { launched } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { WorkerType } from '../worker-type.ts';
import { ObserverRelay } from './observer-relay.ts';
import type { Supervisor } from './supervisor.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';

/** A process that does not even end by SIGKILL does not hold up the start of Shoal. */
const END_WITHIN_MS = 10_000;

export interface RecoveryParts {
  readonly registry: SimulationRegistry;
  readonly catalogue: WorkerTypeCatalogue;
  readonly launcher: WorkerLauncher;
  readonly runFiles: RunFiles;
  readonly supervisor: Supervisor;
  readonly directory: WorkerDirectory;
  readonly clock: Clock;
}

/** What became of one simulation that was not over. */
export interface Settled {
  readonly simulationId: SimulationId;
  readonly workerId?: WorkerId;
  /** `waits`: for a launch. */
  readonly as: 'adopted' | 'ended' | 'waits' | 'lost';
}

/**
 * Settles what the daemon before left behind when it was killed: its workers are adopted or ended, and the records say so
 * (ADR 0015). {@link settle} is called once, when nobody can call yet, and {@link resume} once workers can.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  readonly #adopted: Worker[] = [];
  readonly #waiting: SimulationId[] = [];

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Afterwards each simulation is final, LOST, has its worker, or waits for a launch; nothing else of any worker is left. */
  async settle(): Promise<readonly Settled[]> {
    const { registry, runFiles } = this.#parts;
    // Of now: restarts may launch workers before all is settled.
    const present = await runFiles.leftovers();
    const open = [...registry.simulations()].filter(({ state }) => !isFinal(state) && state !== 'LOST');
    const settled = await Promise.all(open.map((simulation) => this.#settle(simulation)));
    await this.#removeLeftovers(present);
    return settled;
  }

  /** Adopted workers have `register_timeout` from now on; what waits is launched. */
  resume(): void {
    const { supervisor, registry } = this.#parts;
    for (const worker of this.#adopted) if (worker.type.registers) supervisor.awaitRegistration(worker);
    for (const id of this.#waiting) {
      const state = registry.find(id)?.state;
      if (state === 'PENDING') void supervisor.launch(id);
      if (state === 'RESTARTING') supervisor.resumeRestart(id);
    }
  }

  /** What cannot be found out of one worker keeps none of the others from being settled. */
  async #settle(simulation: Simulation): Promise<Settled> {
    const { id: simulationId, workerId } = simulation;
    const as = await this.#outcome(simulation).catch((thrown: unknown) => {
      if (thrown instanceof LauncherFailed) return this.#lose(simulation, thrown.message);
      throw thrown;
    });
    if (as === 'waits') this.#waiting.push(simulationId);
    return { simulationId, as, ...(workerId === undefined ? {} : { workerId }) };
  }

  async #outcome(simulation: Simulation): Promise<Settled['as']> {
    const { workerId } = simulation;
    const { launcher } = this.#parts;
    const handle = simulation.handle ?? (workerId === undefined ? 'none' : await answer(launcher.find(workerId)));
    if (handle === 'unknown') return this.#lose(simulation, 'this system does not list its processes');
    const type = this.#parts.catalogue.get(simulation.workerType);
    if (type === undefined || isYetToRun(simulation, type, handle)) return this.#endUnwatched(simulation, handle, type);
    return handle === 'none' ? this.#goneUnseen(simulation) : this.#takeOver(simulation, type, handle);
  }

  /** With a worker that has the id, the token and the place of the one before. */
  async #takeOver(simulation: Simulation, type: WorkerType, handle: LaunchHandle): Promise<Settled['as']> {
    const { supervisor, launcher, registry, clock } = this.#parts;
    const relay = new ObserverRelay();
    const recovered = await answer(launcher.recover(handle, relay));
    if (recovered.fate === 'unknown') return this.#lose(simulation, 'it was launched by something that is not here');
    const { state } = simulation;
    if (recovered.fate === 'gone' && recovered.exit === undefined && state === 'STARTING') {
      return this.#endUnwatched(simulation, 'none', type);
    }
    const { worker, observer } = supervisor.adopt(simulation);
    worker.handle = handle;
    relay.passTo(observer);
    if (recovered.fate === 'gone') {
      if (recovered.exit === undefined) worker.verdict = { reason: 'ENDED_WITH_DAEMON', message: ENDED_UNSEEN };
      observer.onExit(recovered.exit ?? { durationMs: Math.max(0, clock.nowMs() - (simulation.startedAtMs ?? 0)) });
      return this.#untilGone(worker);
    }
    if (type.config.orphans === 'adopt' && state !== 'STOPPING') {
      await registry.change(simulation.id, (present) =>
        launched(present, { id: worker.id, handle, registers: type.registers }),
      );
      this.#adopted.push(worker);
      return 'adopted';
    }
    supervisor.condemn(worker, { reason: 'ENDED_WITH_DAEMON', message: state === 'STOPPING' ? ENDED_STOPPING : ENDED });
    return this.#untilGone(worker);
  }

  async #goneUnseen(simulation: Simulation): Promise<'ended'> {
    const { worker, observer } = this.#parts.supervisor.adopt(simulation);
    worker.verdict = { reason: 'ENDED_WITH_DAEMON', message: ENDED_UNSEEN };
    observer.onExit({ durationMs: 0 });
    return this.#untilGone(worker);
  }

  /** Whatever runs for a simulation that gets another worker, or that nobody can watch over: its type is gone. */
  async #endUnwatched(
    simulation: Simulation,
    handle: LaunchHandle | 'none',
    type: WorkerType | undefined,
  ): Promise<Settled['as']> {
    const { launcher, registry, clock } = this.#parts;
    if (handle !== 'none') {
      const relay = new ObserverRelay();
      const { fate } = await answer(launcher.recover(handle, relay));
      if (fate === 'unknown') return this.#lose(simulation, 'it was launched by something that is not here');
      if (fate === 'running') {
        launcher.signal(handle, 'SIGKILL');
        await before(clock, clock.monotonicMs() + END_WITHIN_MS, relay.exit);
      }
    }
    const after = await registry.change(simulation.id, (present) =>
      type === undefined ? orphaned(present, clock.nowMs()) : unlaunched(present),
    );
    return isFinal(after.state) ? 'ended' : 'waits';
  }

  async #lose({ id }: Simulation, why: string): Promise<'lost'> {
    await this.#parts.registry.change(id, (present) => lost(present, why));
    return 'lost';
  }

  /** No event of it can be under way: its connections ended with the daemon before. */
  async #untilGone(worker: Worker): Promise<'ended'> {
    const { clock, directory } = this.#parts;
    await before(clock, clock.monotonicMs() + END_WITHIN_MS, worker.gone);
    directory.remove(worker);
    return 'ended';
  }

  /** Folders of workers that nobody knows any more, and what these workers started. */
  async #removeLeftovers(present: readonly WorkerId[]): Promise<void> {
    const { runFiles, launcher, registry } = this.#parts;
    const kept = new Set<WorkerId | undefined>(this.#adopted.map(({ id }) => id));
    for (const { state, workerId } of registry.simulations()) if (state === 'LOST') kept.add(workerId);
    const left = present.filter((workerId) => !kept.has(workerId));
    await launcher.sweep(left);
    await Promise.all(left.map((workerId) => runFiles.remove(workerId).catch(ignore)));
  }
}

class LauncherFailed extends Error {}

/** @throws LauncherFailed */
function answer<Answer>(asked: Promise<Answer>): Promise<Answer> {
  return asked.catch((thrown: unknown) => {
    throw new LauncherFailed(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  });
}

/** It has no worker, or one that has not registered: nothing of the run has happened, or the worker was to be replaced. */
function isYetToRun({ state }: Simulation, { config }: WorkerType, handle: LaunchHandle | 'none'): boolean {
  if (state === 'PENDING' || state === 'RESTARTING') return true;
  return state === 'STARTING' && (config.orphans === 'end' || handle === 'none');
}

const ENDED = 'its daemon was killed, and workers of its type are ended then (orphans: end)';
const ENDED_STOPPING = 'its daemon was killed while it was stopping';
const ENDED_UNSEEN = 'its daemon was killed, and it had ended before the next one began';
