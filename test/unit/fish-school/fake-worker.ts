import type { EmittedEvent, Worker, WorkerCommand, WorkerEnvironment, WorkerState } from 'shoal/worker';
import { AsyncQueue } from '../../../src/worker/async-queue.ts';
import type { CommandContent } from '../../../src/worker/commands.ts';

export interface Answer {
  readonly ok: boolean;
  readonly message?: string;
  readonly code?: string;
  readonly result?: string;
  /** Where the worker stood when it answered. */
  readonly tick: number;
  readonly state: WorkerState;
}

/** A worker without Shoal: keeps what is emitted, and gives out the commands that the test sends. */
export class FakeWorker implements Worker {
  readonly environment: WorkerEnvironment = {
    workerId: 'worker-1',
    simulationId: 'run-1',
    incarnation: 1,
    grpcAddress: '127.0.0.1:1',
    commands: { kind: 'grpc' },
    configContentType: 'application/json',
    orphanTimeoutMs: 1,
  };
  readonly config = { json: {}, bytes: new Uint8Array() };
  readonly signal = new AbortController().signal;
  readonly desiredState: WorkerState;
  readonly events: EmittedEvent[] = [];
  tick = 0;
  state: WorkerState = 'RUNNING';
  readonly #commands = new AsyncQueue<WorkerCommand>();

  constructor(desiredState: WorkerState = 'RUNNING') {
    this.desiredState = desiredState;
  }

  emit(event: EmittedEvent) {
    this.events.push(event);
    return Promise.resolve({ eventId: String(this.events.length), ordinal: this.events.length });
  }

  commands() {
    return this.#commands;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  lose(error: Error): void {
    this.#commands.end(error);
  }

  /** Resolves with the answer. */
  send(content: CommandContent): Promise<Answer> {
    return new Promise((resolve) => {
      this.#commands.push({
        ...content,
        id: 'c',
        attributes: {},
        acknowledge: ({ result } = {}) =>
          resolve({
            ok: true,
            tick: this.tick,
            state: this.state,
            ...(result === undefined ? {} : { result: Buffer.from(result).toString() }),
          }),
        refuse: (message, code = 'FAILED_PRECONDITION') =>
          resolve({ ok: false, message, code, tick: this.tick, state: this.state }),
      });
    });
  }
}
