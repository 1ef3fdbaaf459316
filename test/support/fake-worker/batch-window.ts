import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceError, status } from '@grpc/grpc-js';
import { batch } from '../daemon/envelopes.ts';
import type { ReportStream, Service } from './service.ts';

const IN_FLIGHT = 4;
const RETRY_MS = 200;

/** Batches on their way over ReportEventBatches: at most a few, and sent again on a new stream when one breaks. */
export class BatchWindow {
  readonly #service: Service;
  #unacknowledged: Buffer[][] = [];
  #stream: ReportStream | undefined;
  /** Of the last batch on the present stream. */
  #sequence = 0;
  #changed: (() => void)[] = [];
  #failure: unknown;

  constructor(service: Service) {
    this.#service = service;
  }

  async send(envelopes: Buffer[]): Promise<void> {
    await this.#until(() => this.#unacknowledged.length < IN_FLIGHT);
    this.#unacknowledged.push(envelopes);
    if (this.#stream === undefined) this.#open();
    else this.#write(envelopes);
  }

  /** Resolves when everything is acknowledged. */
  drained(): Promise<void> {
    return this.#until(() => this.#unacknowledged.length === 0);
  }

  async close(): Promise<void> {
    await this.drained();
    const stream = this.#stream;
    if (stream === undefined) return;
    const ended = once(stream, 'status');
    stream.end();
    await ended;
  }

  #open(): void {
    const stream = this.#service.report('batches');
    this.#stream = stream;
    this.#sequence = 0;
    let acknowledged = 0;
    stream.on('data', ({ sequence }) => {
      this.#unacknowledged.splice(0, Number(sequence) - acknowledged);
      acknowledged = Number(sequence);
      this.#tell();
    });
    stream.on('error', (error: ServiceError) => void this.#broken(error));
    for (const envelopes of this.#unacknowledged) this.#write(envelopes);
  }

  async #broken(error: ServiceError): Promise<void> {
    this.#stream = undefined;
    try {
      if (error.code !== status.UNAVAILABLE) throw error;
      await delay(RETRY_MS);
      await this.#service.register();
      this.#open();
    } catch (thrown) {
      if ((thrown as ServiceError).code === status.UNAVAILABLE) return this.#broken(thrown as ServiceError);
      this.#failure = thrown;
      this.#tell();
    }
  }

  #write(envelopes: readonly Buffer[]): void {
    this.#sequence += 1;
    this.#stream?.write(batch(this.#sequence, envelopes));
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }

  #tell(): void {
    for (const wake of this.#changed.splice(0)) wake();
  }
}
