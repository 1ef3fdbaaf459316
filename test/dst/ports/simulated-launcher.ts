import type { WorkerId } from '../../../src/domain/ids.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import type {
  LaunchHandle,
  LaunchObserver,
  LaunchPlan,
  Recovered,
  WorkerLauncher,
  WorkerSignal,
} from '../../../src/ports/worker-launcher.ts';
import type { Machine } from '../actors/machine.ts';
import type { SimulatedProcess } from '../actors/simulated-process.ts';
import type { Life } from '../harness/life.ts';

const LAUNCHER = 'simulated';
/** What a step of a launch, a signal and the news of an exit take at most. */
const SLOWNESS_MS = 20;

/** How one life of the daemon starts processes, ends them and hears of their ends. */
export class SimulatedLauncher implements WorkerLauncher {
  readonly #life: Life;
  readonly #machine: Machine;
  /** How likely it is that a launch fails. */
  readonly #failures: () => number;
  readonly #recovered = new Set<SimulatedProcess>();

  constructor(life: Life, machine: Machine, failures: () => number) {
    this.#life = life;
    this.#machine = machine;
    this.#failures = failures;
  }

  launch(plan: LaunchPlan, observer: LaunchObserver): Promise<LaunchHandle> {
    const { dice, trace } = this.#life.scheduler;
    return new Promise((resolve, reject) => {
      this.#soon(() => {
        if (dice.chance(this.#failures())) {
          trace.note(plan.workerId, 'cannot be launched');
          reject(new ShoalError('CAPACITY_EXHAUSTED', 'the machine refuses another process'));
          return;
        }
        const process = this.#machine.start(plan);
        this.#observe(process, observer);
        this.#soon(() => resolve(handleOf(process)));
      });
    });
  }

  recover(handle: LaunchHandle, observer: LaunchObserver): Promise<Recovered> {
    return this.#answer(() => {
      const process = this.#process(handle);
      if (process?.alive) {
        this.#recovered.add(process);
        this.#observe(process, observer);
        return { fate: 'running' };
      }
      // Of one that does not outlive its daemon nobody was there to learn it.
      const exit = process?.plan.outlives ? process.exit : undefined;
      return { fate: 'gone', ...(exit === undefined ? {} : { exit }) };
    });
  }

  find(workerId: WorkerId): Promise<LaunchHandle | 'none' | 'unknown'> {
    return this.#answer(() => {
      const process = this.#machine.alive.find(({ plan }) => plan.workerId === workerId);
      return process === undefined ? 'none' : handleOf(process);
    });
  }

  sweep(workerIds: readonly WorkerId[]): Promise<void> {
    return this.#answer(() => {
      for (const process of this.#machine.alive) {
        if (workerIds.includes(process.plan.workerId)) process.end({ signal: 'SIGKILL' });
      }
    });
  }

  signal(handle: LaunchHandle, signal: WorkerSignal): void {
    this.#life.scheduler.later(this.#delayMs(), () => this.#process(handle)?.signal(signal));
  }

  /** As the launcher of processes does: nobody here hears of the recovered workers any more. */
  letGo(): void {
    for (const process of this.#recovered) process.onExit = () => {};
    this.#recovered.clear();
  }

  #observe(process: SimulatedProcess, observer: LaunchObserver): void {
    process.onExit = (exit) => this.#soon(() => observer.onExit(exit));
  }

  #process({ data }: LaunchHandle): SimulatedProcess | undefined {
    return this.#machine.byPid(Number(data['pid']));
  }

  #answer<T>(look: () => T): Promise<T> {
    return new Promise((resolve) => this.#soon(() => resolve(look())));
  }

  #soon(act: () => void): void {
    this.#life.later(this.#delayMs(), act);
  }

  #delayMs(): number {
    return this.#life.scheduler.dice.upTo(SLOWNESS_MS);
  }
}

function handleOf({ pid }: SimulatedProcess): LaunchHandle {
  return { launcher: LAUNCHER, version: 1, data: { pid } };
}
