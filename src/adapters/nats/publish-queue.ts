import { Fifo } from '../../domain/fifo.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { BusMessage } from '../../ports/event-bus.ts';
import { disconnectedError } from './connection-state.ts';

interface WaitingBatch {
  readonly batch: readonly BusMessage[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: ShoalError) => void;
  readonly sinceMs: number;
}

/** Batches whose publishers wait for the connection, in order; each for a bounded time, all of them in bounded memory. */
export class PublishQueue {
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #batches = new Fifo<WaitingBatch>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, maxBytes: number) {
    this.#timeoutMs = timeoutMs;
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#batches.length;
  }

  /** Resolves when somebody takes the batch and resolves it. @throws ShoalError BUS_UNAVAILABLE when it waits too long, or too much waits */
  wait(batch: readonly BusMessage[], bytes: number): Promise<void> {
    if (this.#bytes + bytes > this.#maxBytes) {
      const waiting = `${this.#bytes} bytes wait for NATS already`;
      return Promise.reject(new ShoalError('BUS_UNAVAILABLE', `${waiting}; wait for earlier publishes`));
    }
    return new Promise((resolve, reject) => {
      this.#batches.push({ batch, bytes, resolve, reject, sinceMs: performance.now() });
      this.#bytes += bytes;
      this.#timer ??= setTimeout(() => this.#expire(), this.#timeoutMs);
    });
  }

  /** The batch that waits longest. */
  take(): WaitingBatch | undefined {
    const next = this.#batches.shift();
    this.#bytes -= next?.bytes ?? 0;
    if (this.#batches.length === 0) this.#disarm();
    return next;
  }

  rejectAll(error: ShoalError): void {
    for (let next = this.take(); next !== undefined; next = this.take()) next.reject(error);
  }

  #expire(): void {
    this.#timer = undefined;
    const overdue = performance.now() - this.#timeoutMs;
    for (let first = this.#batches.first; first !== undefined; first = this.#batches.first) {
      if (first.sinceMs > overdue) {
        this.#timer = setTimeout(() => this.#expire(), first.sinceMs - overdue + 1);
        return;
      }
      this.take()?.reject(disconnectedError(this.#timeoutMs));
    }
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
