import type { RejectedEvent } from '../../../src/domain/ingest/acceptance.ts';
import type { IngestWorker } from '../../../src/domain/ingest/ingest-worker.ts';
import { ShoalError, toShoalError } from '../../../src/domain/shoal-error.ts';
import type { Worker } from '../../../src/domain/supervision/worker.ts';
import type { RegistrationAnswer } from '../../../src/domain/supervision/worker-calls.ts';
import type { Connection } from './connection.ts';
import type { SimulatedDaemon } from './simulated-daemon.ts';

/** What the worker hears of its event stream. */
export interface BatchListener {
  acknowledged(sequence: number, rejected: readonly RejectedEvent[]): void;
  failed(error: ShoalError): void;
}

/** One worker's connection as the daemon sees it: what the gRPC adapter does in front of the domain. */
export class WorkerGate {
  readonly #daemon: SimulatedDaemon;
  readonly #connection: Connection;
  readonly #token: string;
  readonly #workerId: string;
  #source: IngestWorker | undefined;
  #isOver = false;
  #hasFailed = false;
  #answers: Promise<void> = Promise.resolve();

  constructor(daemon: SimulatedDaemon, connection: Connection) {
    this.#daemon = daemon;
    this.#connection = connection;
    this.#token = connection.process.env('SHOAL_WORKER_TOKEN');
    this.#workerId = connection.process.plan.workerId;
    connection.onLeft = () => this.#leave();
  }

  /** ReceiveCommands. @throws ShoalError */
  async subscribe(receive: (envelope: Uint8Array) => void): Promise<void> {
    const { id } = this.#worker();
    this.#daemon.channel.open(id, this.#connection, receive);
  }

  /** RegisterWorker. @throws ShoalError */
  async register(supportedCommands: readonly string[]): Promise<RegistrationAnswer> {
    const simulationId = this.#connection.process.simulationId;
    return this.#daemon.workerCalls.register(this.#worker(), { simulationId, supportedCommands });
  }

  /** Heartbeat. @throws ShoalError */
  async heartbeat(tick: number, state: 'RUNNING' | 'PAUSED'): Promise<string> {
    const { process } = this.#connection;
    const { simulationId } = process;
    process.beatsHeardBy = this.#daemon.life.number;
    return this.#daemon.workerCalls.heartbeat(this.#worker(), simulationId, BigInt(tick), state);
  }

  /** ReportEventBatches: batches are handed over as they come, and acknowledged in that order. */
  batch(sequence: number, envelopes: readonly Uint8Array[], listener: BatchListener): void {
    if (this.#isOver || this.#hasFailed) return;
    const fail = (thrown: unknown): void => this.#fail(thrown, listener);
    try {
      this.#source ??= this.#open(listener);
      const accepted = this.#daemon.intake.accept(this.#source, envelopes);
      // What comes behind one that failed is not looked at; the stream ends when those before it are answered.
      accepted.catch(() => {
        this.#hasFailed = true;
      });
      this.#answers = this.#answers
        .then(() => accepted)
        .then(({ rejected }) => {
          if (!this.#isOver) this.#connection.toWorker(() => listener.acknowledged(sequence, rejected));
        });
      this.#answers.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  #worker(): Worker {
    return this.#daemon.authentication.authenticate({ token: this.#token, claimedWorkerId: this.#workerId });
  }

  #open(listener: BatchListener): IngestWorker {
    const source = this.#daemon.authentication.ingestWorker({ token: this.#token, claimedWorkerId: '' });
    const revoke = (): void => this.#fail(new ShoalError('UNAUTHENTICATED', 'the token has ended'), listener);
    source.revoked.addEventListener('abort', revoke, { once: true });
    return source;
  }

  #fail(thrown: unknown, listener: BatchListener): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection.toWorker(() => listener.failed(toShoalError(thrown)));
  }

  #leave(): void {
    this.#isOver = true;
    this.#daemon.channel.close(this.#connection);
  }
}
