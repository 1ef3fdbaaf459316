import type { Log } from '../../ports/log.ts';
import type { LaunchObserver, OutputLine, WorkerExit } from '../../ports/worker-launcher.ts';
import type { KeptFiles } from './kept-files.ts';
import type { WorkerProcess } from './process-handle.ts';
import type { Output } from './worker-outputs.ts';

/** A worker that this daemon launched or has recovered, and who hears of it. */
export class RunningWorker {
  readonly worker: WorkerProcess;
  /** Where it outlives its daemon. */
  readonly files: KeptFiles | undefined;
  observer: LaunchObserver;
  outputs: readonly Output[] = [];
  /** By us, with SIGKILL: nobody else tells how a recovered worker ended then. */
  isKilled = false;
  readonly #log: Log;

  constructor(worker: WorkerProcess, files: KeptFiles | undefined, observer: LaunchObserver, log: Log) {
    this.worker = worker;
    this.files = files;
    this.observer = observer;
    this.#log = log;
  }

  wrote(line: OutputLine): void {
    this.#tell((observer) => observer.onOutput(line));
  }

  exited(exit: WorkerExit): void {
    this.#tell((observer) => observer.onExit(exit));
  }

  /** An observer that throws must not end the reading of other workers. */
  #tell(what: (observer: LaunchObserver) => void): void {
    try {
      what(this.observer);
    } catch (err) {
      this.#log.error({ err, workerId: this.worker.workerId }, 'an observer of a worker failed');
    }
  }
}
