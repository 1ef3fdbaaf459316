import type { Life } from '../harness/life.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** How long a message is on its way at most. */
const LATENCY_MS = 8;
/** When keepalive notices that nobody answers. */
const KEEPALIVE_MS = 20_000;

/** One connection between a worker's process and a life of the daemon: in each direction messages keep their order. */
export class Connection {
  readonly process: SimulatedProcess;
  readonly life: Life;
  /** The worker's side hears that it is broken, unless it has closed it itself. */
  onBroken: () => void = () => {};
  /** The daemon's side hears that the worker has gone. */
  onLeft: () => void = () => {};
  #isOpen = true;
  #isSilent = false;
  #arrivesAtDaemonMs = 0;
  #arrivesAtWorkerMs = 0;

  constructor(process: SimulatedProcess, life: Life) {
    this.process = process;
    this.life = life;
    life.onDeath(() => this.cut());
    process.onGone.push(() => this.#runDry());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  toDaemon(act: () => void): void {
    this.#arrivesAtDaemonMs = this.#arrival(this.#arrivesAtDaemonMs);
    this.life.later(this.#arrivesAtDaemonMs - this.#nowMs, () => {
      if (this.#passes) act();
    });
  }

  toWorker(act: () => void): void {
    this.#arrivesAtWorkerMs = this.#arrival(this.#arrivesAtWorkerMs);
    this.process.later(this.#arrivesAtWorkerMs - this.#nowMs, () => {
      if (this.#passes) act();
    });
  }

  /** The worker asks, the daemon answers. Never settles when the connection breaks: see {@link onBroken}. */
  ask<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.toDaemon(() => {
        work().then(
          (answer) => this.toWorker(() => resolve(answer)),
          (thrown) => this.toWorker(() => reject(thrown)),
        );
      });
    });
  }

  /** Both sides hear of it, each in its time. What is on the way is lost. */
  cut(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { dice } = this.life.scheduler;
    this.process.later(dice.upTo(LATENCY_MS), () => this.onBroken());
    this.life.later(dice.upTo(LATENCY_MS), () => this.onLeft());
  }

  /** Half open: nothing passes any more, and nobody is told before keepalive notices. */
  fallSilent(): void {
    this.#isSilent = true;
    this.life.scheduler.later(KEEPALIVE_MS, () => this.cut());
  }

  /** The worker has gone: what it has sent still comes, and then the end. */
  #runDry(): void {
    this.life.later(Math.max(0, this.#arrivesAtDaemonMs - this.#nowMs) + 1, () => this.cut());
  }

  get #passes(): boolean {
    return this.#isOpen && !this.#isSilent;
  }

  get #nowMs(): number {
    return this.life.scheduler.nowMs;
  }

  #arrival(lastMs: number): number {
    return Math.max(lastMs + 1, this.#nowMs + this.life.scheduler.dice.upTo(LATENCY_MS));
  }
}
