import type { LaunchObserver, OutputLine, WorkerExit } from '../../ports/worker-launcher.ts';

/** Keeps what a launcher tells of a worker until it is known who is to hear it. */
export class ObserverRelay implements LaunchObserver {
  readonly #exit = Promise.withResolvers<WorkerExit>();
  #heard: ((observer: LaunchObserver) => void)[] = [];
  #observer: LaunchObserver | undefined;

  /** Resolves when the worker has exited. */
  get exit(): Promise<WorkerExit> {
    return this.#exit.promise;
  }

  onOutput(line: OutputLine): void {
    this.#hear((observer) => observer.onOutput(line));
  }

  onExit(exit: WorkerExit): void {
    this.#exit.resolve(exit);
    this.#hear((observer) => observer.onExit(exit));
  }

  /** Called once. */
  passTo(observer: LaunchObserver): void {
    this.#observer = observer;
    for (const tell of this.#heard) tell(observer);
    this.#heard = [];
  }

  #hear(tell: (observer: LaunchObserver) => void): void {
    if (this.#observer === undefined) this.#heard.push(tell);
    else tell(this.#observer);
  }
}
