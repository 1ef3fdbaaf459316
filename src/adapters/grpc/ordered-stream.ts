import type { ServerDuplexStream } from '@grpc/grpc-js';
import { toGrpcFailure } from './error-mapper.ts';
import { HeldAnswer } from './held-answer.ts';

/** Some messages of a stream that are dealt with together, and one answer to all of them. */
export interface Handled<Answer> {
  readonly messages: number;
  readonly answer: Promise<Answer>;
  /** Asked once there is the answer: whether the next one says what it says, and nobody is in a hurry for it. Absent: no. */
  readonly mayWait?: () => boolean;
}

export interface OrderedStreamOptions<Answer> {
  /** Messages under way before reading pauses: the backpressure of bus and log reaches the worker. */
  readonly maxInFlight: number;
  /**
   * Called with what came in one turn of the event loop, in order, without waiting for what came before; answers are sent in
   * that order. What it throws ends the stream behind what it has yielded.
   */
  readonly handle: (messages: readonly Buffer[]) => Iterable<Handled<Answer>>;
  /** Ends the stream with its reason. */
  readonly abort: AbortSignal;
  readonly onFailure: (thrown: unknown) => void;
}

/**
 * Runs one bidirectional stream: many messages in flight, answers in order, reading paused while too much is under way
 * or the other side does not read its answers. The first failure ends the stream with its status, once everything before
 * it has been answered; what comes behind it is not looked at.
 *
 * Messages that come together are handed over together: most of what one costs, from the promise to the frame that
 * answers it, is then paid once.
 */
export function runOrderedStream<Answer>(
  call: ServerDuplexStream<Buffer, Answer>,
  options: OrderedStreamOptions<Answer>,
): void {
  let inFlight = 0;
  let blocked = false;
  let over = false;
  let failed = false;
  let gathered: Buffer[] = [];
  let turnEnd: NodeJS.Immediate | undefined;
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
  const answer = async (before: Promise<void>, handled: Handled<Answer>): Promise<void> => {
    await before;
    const message = await handled.answer;
    if (over) return;
    inFlight -= handled.messages;
    held.take(message, { messages: handled.messages, mayWait: handled.mayWait?.() ?? false });
    flow();
  };
  const follow = (handled: Handled<Answer>): void => {
    handled.answer.catch(() => {
      failed = true;
    });
    tail = answer(tail, handled);
    tail.catch(fail);
  };
  const handOver = (): void => {
    clearImmediate(turnEnd);
    turnEnd = undefined;
    const messages = gathered;
    gathered = [];
    if (over || failed || messages.length === 0) return;
    try {
      for (const handled of options.handle(messages)) follow(handled);
    } catch (thrown) {
      follow({ messages: 0, answer: Promise.reject(thrown) });
    }
  };

  if (options.abort.aborted) {
    aborted();
    return;
  }
  options.abort.addEventListener('abort', aborted);
  call.on('data', (message: Buffer) => {
    if (over || failed) return;
    inFlight += 1;
    gathered.push(message);
    turnEnd ??= setImmediate(handOver);
    if (inFlight >= options.maxInFlight) flow();
  });
  call.on('drain', () => {
    blocked = false;
    flow();
  });
  call.on('end', () => {
    handOver();
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
