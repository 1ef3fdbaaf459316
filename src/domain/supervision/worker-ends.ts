import type { Clock } from '../../ports/clock.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { WorkerExit } from '../../ports/worker-launcher.ts';
import type { PendingCommands } from '../command/pending-commands.ts';
import { ignore } from '../ignore.ts';
import { invariant, toShoalError } from '../shoal-error.ts';
import { outcomeOf, type WorkerEnd } from '../simulation/run-steps.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import type { EndRecords } from './end-records.ts';
import { describeExit } from './exit-description.ts';
import type { StartHealth } from './start-health.ts';
import type { SupervisionListener } from './supervision-event.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';
import type { WorkerWatches } from './worker-watches.ts';

/** A worker that has exited may have events in its sockets still; its token stays good so long, or until it is replaced. */
const TOKEN_LINGER_MS = 2_000;

/** Of the output, looked at for what ended a worker. */
const EXIT_LINES = 30;

export interface WorkerEndsParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly runFiles: RunFiles;
  readonly pending: PendingCommands;
  readonly clock: Clock;
  readonly listener: SupervisionListener;
  readonly watches: WorkerWatches;
  readonly health: StartHealth;
  readonly records: EndRecords;
}

/** What is done when a worker's program has exited. */
export class WorkerEnds {
  readonly #parts: WorkerEndsParts;

  constructor(parts: WorkerEndsParts) {
    this.#parts = parts;
  }

  /** @param recorded resolves when what came before this end, its launch, is in the record */
  exited(worker: Worker, exit: WorkerExit, recorded: Promise<void>): void {
    worker.ended = true;
    const { watches, pending, clock } = this.#parts;
    watches.finished(worker);
    const description = describeExit(exit, worker.output.last(EXIT_LINES), worker.verdict);
    pending.workerEnded(worker.id, description);
    const end: WorkerEnd = {
      atMs: exit.endedAtMs ?? clock.nowMs(),
      description,
      ...(worker.upAtMs === undefined ? {} : { uptimeMs: this.#uptimeMs(worker, worker.upAtMs) }),
      ...(exit.code === undefined ? {} : { exitCode: exit.code }),
      ...(exit.signal === undefined ? {} : { exitSignal: exit.signal }),
      ...(worker.verdict === undefined ? {} : { verdict: worker.verdict.reason }),
    };
    void recorded.then(() => this.#record(worker, exit, end));
  }

  /** A worker that hangs is not healthy, however long it takes to notice. */
  #uptimeMs({ verdict }: Worker, upAtMs: number): number {
    return Math.max(0, this.#parts.clock.monotonicMs() - upAtMs - (verdict?.silentMs ?? 0));
  }

  /** Never rejects: the worker is let go of, whatever cannot be written now, or removed. */
  async #record(worker: Worker, exit: WorkerExit, end: WorkerEnd): Promise<void> {
    const { registry, directory, runFiles, clock, health, records } = this.#parts;
    const id = worker.assignment?.simulationId;
    invariant(id, 'a launched worker has a simulation');
    const before = registry.find(id);
    const isUnasked =
      before?.workerId === worker.id &&
      (before.state === 'STARTING' || before.state === 'RUNNING' || before.state === 'PAUSED');
    health.ended(worker, end, isUnasked ? outcomeOf(before.state, end) : undefined);
    const delayed = Promise.withResolvers<void>();
    const recorded = records.ended(id, worker, end, delayed.resolve);
    const told = recorded.then(
      (after) => this.#tell(worker, exit, end, { after, isUnasked }),
      (thrown: unknown) => this.#parts.listener({ kind: 'unrecorded', worker, error: toShoalError(thrown) }),
    );
    await Promise.race([told, delayed.promise]);
    clock.after(TOKEN_LINGER_MS, () => directory.remove(worker));
    await runFiles.remove(worker.id).catch(ignore);
    worker.settleEnd();
  }

  #tell(
    worker: Worker,
    exit: WorkerExit,
    { description }: WorkerEnd,
    { after, isUnasked }: { readonly after: Simulation; readonly isUnasked: boolean },
  ): void {
    const isOver = isFinal(after.state) || (isUnasked && after.state === 'RESTARTING');
    const simulation = after.workerId === worker.id && isOver ? { simulation: after } : {};
    this.#parts.listener({ kind: 'ended', worker, exit, description, ...simulation });
  }
}
