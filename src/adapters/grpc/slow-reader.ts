import type { ServerWritableStream } from '@grpc/grpc-js';
import type { LiveEvent } from '../../domain/ingest/live-feed.ts';
import type { SubscribeToEventsRequestOutput } from './generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import { loadProtos } from './proto-loading.ts';

/** Events that wait for a slow reader; beyond it the oldest are dropped and counted. */
const MAX_WAITING = 4_096;
/** Tag of `SubscribeToEventsResponse.event`. */
const EVENT_FIELD = Uint8Array.of(0x0a);

export type EventCall = ServerWritableStream<SubscribeToEventsRequestOutput, Buffer>;

/** Writes to one subscriber as fast as it reads, and no faster: what waits is bounded, the oldest goes first. */
export class SlowReader {
  readonly #call: EventCall;
  readonly #waiting: LiveEvent[] = [];
  #blocked = false;
  #ending = false;
  #dropped = 0;

  constructor(call: EventCall) {
    this.#call = call;
    call.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
  }

  offer(event: LiveEvent): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(event);
    this.#flush();
  }

  end(): void {
    this.#ending = true;
    this.#flush();
  }

  #flush(): void {
    while (!this.#blocked && this.#waiting.length > 0) {
      const { subject, bytes } = this.#waiting.shift() as LiveEvent;
      this.#blocked = !this.#call.write(subscribeResponse(subject, bytes, this.#dropped));
    }
    if (this.#ending && this.#waiting.length === 0) this.#call.end();
  }
}

/** A SubscribeToEventsResponse around the envelope as it came: an event is not decoded on its way, so that nothing of it is lost. */
function subscribeResponse(subject: string, envelope: Uint8Array, dropped: number): Buffer {
  const { SubscribeToEventsResponse } = loadProtos().tree.fes.orchestration.v1;
  const rest = SubscribeToEventsResponse.serialize({ dropped, subject });
  return Buffer.concat([EVENT_FIELD, varint(envelope.length), envelope, rest]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, left]);
}
