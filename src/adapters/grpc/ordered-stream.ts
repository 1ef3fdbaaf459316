import type { ServerDuplexStream } from '@grpc/grpc-js';
import { toGrpcFailure } from './error-mapper.ts';

export interface OrderedStreamOptions<Answer> {
  /** Messages under way before reading pauses: the backpressure of bus and log reaches the worker. */
  readonly maxInFlight: number;
  /** Called for each message, in order, without waiting for the ones before; answers are sent in that order. */
  readonly handle: (message: Buffer) => Promise<Answer>;
  /** Ends the stream with its reason. */
  readonly abort: AbortSignal;
  readonly onFailure: (thrown: unknown) => void;
}

/**
 * Runs one bidirectional stream: many messages in flight, answers in order, reading paused while too much is under way
 * or the other side does not read its answers. The first failure ends the stream with its status, once everything before
 * it has been answered; what comes behind it is not looked at.
 */
export function runOrderedStream<Answer>(
  call: ServerDuplexStream<Buffer, Answer>,
  options: OrderedStreamOptions<Answer>,
): void {
  let inFlight = 0;
  let blocked = false;
  let over = false;
  let failed = false;
  let tail: Promise<void> = Promise.resolve();

  const fail = (thrown: unknown): void => {
    if (over) return;
    over = true;
    options.abort.removeEventListener('abort', aborted);
    options.onFailure(thrown);
    call.emit('error', toGrpcFailure(thrown));
    call.resume();
  };
  const aborted = (): void => fail(options.abort.reason);
  const flow = (): void => {
    if (blocked || inFlight >= options.maxInFlight) call.pause();
    else call.resume();
  };
  const answer = async (before: Promise<void>, result: Promise<Answer>): Promise<void> => {
    await before;
    const message = await result;
    if (over) return;
    inFlight -= 1;
    if (!call.write(message)) blocked = true;
    flow();
  };

  if (options.abort.aborted) {
    aborted();
    return;
  }
  options.abort.addEventListener('abort', aborted);
  call.on('data', (message: Buffer) => {
    if (over || failed) return;
    inFlight += 1;
    const result = options.handle(message);
    result.catch(() => {
      failed = true;
    });
    tail = answer(tail, result);
    tail.catch(fail);
    flow();
  });
  call.on('drain', () => {
    blocked = false;
    flow();
  });
  call.on('end', () => {
    tail.then(() => {
      if (over) return;
      over = true;
      options.abort.removeEventListener('abort', aborted);
      call.end();
    }, fail);
  });
  call.on('cancelled', () => {
    over = true;
    options.abort.removeEventListener('abort', aborted);
  });
}
