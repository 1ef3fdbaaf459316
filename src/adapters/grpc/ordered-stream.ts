import type { ServerDuplexStream } from '@grpc/grpc-js';
import { toGrpcFailure } from './error-mapper.ts';
import { HeldAnswer } from './held-answer.ts';

export interface OrderedAnswer<Answer> {
  readonly message: Answer;
  /** The next answer says what this one says, and nobody is in a hurry for it. */
  readonly mayWait?: boolean;
}

export interface OrderedStreamOptions<Answer> {
  /** Messages under way before reading pauses: the backpressure of bus and log reaches the worker. */
  readonly maxInFlight: number;
  /** Called for each message, in order, without waiting for the ones before; answers are sent in that order. */
  readonly handle: (message: Buffer) => Promise<OrderedAnswer<Answer>>;
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
  // As many as may be without an answer before the other side waits for one.
  const held = new HeldAnswer<Answer>(options.maxInFlight / 2, (message) => {
    if (call.write(message)) return;
    blocked = true;
    call.pause();
  });

  const fail = (thrown: unknown): void => {
    if (over) return;
    held.release();
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
  const answer = async (before: Promise<void>, result: Promise<OrderedAnswer<Answer>>): Promise<void> => {
    await before;
    const { message, mayWait = false } = await result;
    if (over) return;
    inFlight -= 1;
    held.take(message, mayWait);
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
      held.release();
      over = true;
      options.abort.removeEventListener('abort', aborted);
      call.end();
    }, fail);
  });
  call.on('cancelled', () => {
    over = true;
    held.drop();
    options.abort.removeEventListener('abort', aborted);
  });
}
