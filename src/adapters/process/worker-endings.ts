import type { WorkerExit } from '../../ports/worker-launcher.ts';
import type { LeftoverSweep } from './leftover-sweep.ts';
import type { RunningWorker } from './running-worker.ts';

/** Deals with workers that have exited: their output is read, what they left running is ended, and then their exit is told. */
export class WorkerEndings {
  readonly #sweep: LeftoverSweep;
  readonly #boundMs: number;
  readonly #pending = new Set<Promise<void>>();

  /** @param boundMs how long an exit may be held back */
  constructor(sweep: LeftoverSweep, boundMs: number) {
    this.#sweep = sweep;
    this.#boundMs = boundMs;
  }

  get pending(): ReadonlySet<Promise<void>> {
    return this.#pending;
  }

  begin(running: RunningWorker, exit: WorkerExit): void {
    const swept = this.#sweep.end(running.worker, 'group');
    const read = running.outputs.map((output) => output.drain(this.#boundMs));
    const told = Promise.all([...read, within(this.#boundMs, swept)]).then(() => running.exited(exit));
    const ending: Promise<void> = Promise.all([told, swept]).then(() => {
      this.#pending.delete(ending);
    });
    this.#pending.add(ending);
  }
}

async function within(boundMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, boundMs);
  });
  await Promise.race([promise, bound]);
  clearTimeout(timer);
}
