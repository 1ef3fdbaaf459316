import type { Scheduler } from '../harness/scheduler.ts';
import { Connection } from './connection.ts';
import type { SimulatedDaemon } from './simulated-daemon.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { WorkerGate } from './worker-gate.ts';

/** What lies between the daemon, whichever life of it there is, and everybody else. */
export class Network {
  /** Absent while none listens. */
  daemon: SimulatedDaemon | undefined;
  /** How likely it is that a client loses its connection during a call. */
  cutCalls = 0;
  readonly #scheduler: Scheduler;
  #connections: Connection[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  /** Those that are open now. */
  get connections(): readonly Connection[] {
    this.#connections = this.#connections.filter(({ isOpen }) => isOpen);
    return this.#connections;
  }

  /** @returns undefined when nobody listens */
  connect(process: SimulatedProcess): { readonly connection: Connection; readonly gate: WorkerGate } | undefined {
    const { daemon } = this;
    if (daemon === undefined) return undefined;
    const connection = new Connection(process, daemon.life);
    this.#connections.push(connection);
    return { connection, gate: new WorkerGate(daemon, connection) };
  }
}
