import { AnswerReader } from './answer-reader.ts';
import { type GrpcWire, untilStatus } from './grpc-wire.ts';
import { LoadClock, type LoadOutcome } from './load-outcome.ts';

export interface StreamLoadOptions {
  readonly seconds: number;
  readonly eventsPerMessage: number;
  /** Messages that may be unacknowledged. */
  readonly window: number;
  /** Messages that are written together. */
  readonly messagesPerWrite: number;
}

/** What to write: `count` framed messages, the first of which is the `first` of the stream, from 1. */
export type NextMessages = (first: number, count: number) => Buffer;

/** Many events over one bidirectional stream, whose answers acknowledge cumulatively. */
export async function runStreamLoad(
  wire: GrpcWire,
  next: NextMessages,
  { seconds, eventsPerMessage, window, messagesPerWrite }: StreamLoadOptions,
): Promise<LoadOutcome> {
  const clock = new LoadClock();
  const call = wire.open();
  const status = untilStatus(call);
  const answers = new AnswerReader();
  let sent = 0;
  let congested = false;
  let ended = false;

  const pump = (): void => {
    while (!ended && !congested && sent - answers.through <= window - messagesPerWrite) {
      if (clock.hasRunFor(seconds)) {
        ended = true;
        call.end();
        return;
      }
      congested = !call.write(next(sent + 1, messagesPerWrite));
      sent += messagesPerWrite;
    }
  };
  call.on('drain', () => {
    congested = false;
    pump();
  });
  call.on('data', (chunk: Buffer) => {
    answers.read(chunk);
    pump();
  });
  pump();
  const code = await status;
  if (code !== 0) throw new Error(`the stream ended with status ${code} after ${answers.through} messages`);
  return clock.outcome({
    sent: sent * eventsPerMessage,
    acknowledged: answers.through * eventsPerMessage - answers.rejected,
    rejected: answers.rejected,
  });
}
