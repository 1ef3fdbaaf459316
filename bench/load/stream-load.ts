import { WireCursor } from '../../src/domain/envelope/wire-cursor.ts';
import { LoadClock, type LoadOutcome, type LoadTarget } from './load-outcome.ts';

export interface StreamLoadOptions {
  readonly seconds: number;
  readonly eventsPerMessage: number;
  /** Messages that may be unacknowledged. */
  readonly window: number;
}

/**
 * Many events over one bidirectional stream. `next` is called with 1, 2, 3, …; an answer's field 1 is the last message
 * that it acknowledges, and its field 2, repeated, an event that was rejected.
 */
export function runStreamLoad(
  { client, path, metadata }: LoadTarget,
  next: (sequence: number) => Buffer,
  { seconds, eventsPerMessage, window }: StreamLoadOptions,
): Promise<LoadOutcome> {
  return new Promise((resolve, reject) => {
    const clock = new LoadClock();
    const call = client.makeBidiStreamRequest(path, asItIs, readAnswer, metadata, {});
    let sent = 0;
    let acknowledged = 0;
    let rejected = 0;
    let congested = false;
    let ended = false;

    const pump = (): void => {
      while (!ended && !congested && sent - acknowledged < window) {
        if (clock.hasRunFor(seconds)) {
          ended = true;
          call.end();
          return;
        }
        sent += 1;
        congested = !call.write(next(sent));
      }
    };
    call.on('drain', () => {
      congested = false;
      pump();
    });
    call.on('data', (answer: Answer) => {
      acknowledged = answer.through;
      rejected += answer.rejected;
      pump();
    });
    call.on('error', reject);
    call.on('end', () => {
      resolve(
        clock.outcome({
          sent: sent * eventsPerMessage,
          acknowledged: acknowledged * eventsPerMessage - rejected,
          rejected,
        }),
      );
    });
    pump();
  });
}

interface Answer {
  readonly through: number;
  readonly rejected: number;
}

function readAnswer(bytes: Buffer): Answer {
  const cursor = new WireCursor(bytes);
  let through = 0;
  let rejected = 0;
  while (cursor.next()) {
    if (cursor.fieldNumber === 2) rejected += 1;
    if (cursor.fieldNumber !== 1) {
      cursor.skip();
      continue;
    }
    cursor.readVarint();
    through = cursor.low;
  }
  return { through, rejected };
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
