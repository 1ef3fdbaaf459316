import type { ClientReadableStream, Metadata, ServiceError, StatusObject } from '@grpc/grpc-js';
import { type Failure, readFailure } from './calls.ts';

/** Reads one response stream, and lets a test wait for what comes. */
export class StreamProbe<Message> {
  readonly messages: Message[] = [];
  /** When the response headers have arrived. */
  readonly live: Promise<Metadata>;
  readonly #ended = Promise.withResolvers<StatusObject | ServiceError>();
  readonly #call: ClientReadableStream<Message>;
  #changed: (() => void)[] = [];
  #isOver = false;

  constructor(call: ClientReadableStream<Message>) {
    this.#call = call;
    const live = Promise.withResolvers<Metadata>();
    this.live = live.promise;
    this.live.catch(() => {});
    call.on('metadata', live.resolve);
    call.on('data', (message: Message) => {
      this.messages.push(message);
      this.#tell();
    });
    const over = (status: StatusObject | ServiceError): void => {
      this.#isOver = true;
      live.reject(new Error(`the stream ended: ${status.code} ${status.details}`));
      this.#ended.resolve(status);
      this.#tell();
    };
    call.on('error', over);
    call.on('status', over);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** How it ended; `OK` when in order. */
  async ended(): Promise<Failure> {
    return readFailure(await this.#ended.promise);
  }

  /** Resolves once the condition holds. @throws Error when the stream ends first */
  async until(condition: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
    while (!condition(this.messages)) {
      if (this.#isOver) throw new Error(`the stream ended first: ${JSON.stringify(await this.ended())}`);
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
    return this.messages;
  }

  count(atLeast: number): Promise<readonly Message[]> {
    return this.until((messages) => messages.length >= atLeast);
  }

  pause(): void {
    this.#call.pause();
  }

  resume(): void {
    this.#call.resume();
  }

  cancel(): void {
    this.#call.cancel();
  }

  #tell(): void {
    for (const wake of this.#changed.splice(0)) wake();
  }
}
