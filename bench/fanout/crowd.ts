import type { ClientHttp2Stream } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { WireCursor } from '../../src/domain/envelope/wire-cursor.ts';
import { FRAME_HEADER_BYTES, framed, GrpcWire, type LoadTarget } from '../load/grpc-wire.ts';

/** Of SubscribeToEventsResponse. */
const DROPPED_FIELD = 3;
/** The last event may wait for subscribers that were read slowly. */
const PATIENCE_MS = 10_000;

/** What all subscribers together have had since they were asked last. */
export interface CrowdCount {
  readonly delivered: number;
  /** The largest difference of one subscriber between what was sent and what it got or was told that it missed. */
  readonly unexplained: number;
  readonly cpuSeconds: number;
}

/** Subscribers that count, over connections of their own as little as node:http2 costs, so that reading is not the limit. */
export class Crowd {
  readonly #wire: GrpcWire;
  readonly #subscribers: Subscriber[];
  #cpuBefore = process.cpuUsage();

  constructor(target: LoadTarget, request: Buffer, count: number) {
    this.#wire = new GrpcWire(target);
    this.#subscribers = Array.from({ length: count }, () => new Subscriber(this.#wire.open(), request));
  }

  /** Resolves when nothing is missed any more. */
  async live(): Promise<void> {
    await Promise.all(this.#subscribers.map(({ live }) => live));
  }

  /** Waits until each has had so many events or knows that it has not, and begins to count anew. @param sent to each */
  async count(sent: number, { patienceMs = PATIENCE_MS } = {}): Promise<CrowdCount> {
    const unexplained = () =>
      Math.max(...this.#subscribers.map((each) => Math.abs(sent - each.delivered - each.missed)));
    for (const deadline = performance.now() + patienceMs; unexplained() > 0 && performance.now() < deadline; )
      await delay(5);
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    const found = {
      delivered: this.#subscribers.reduce((sum, { delivered }) => sum + delivered, 0),
      unexplained: unexplained(),
      cpuSeconds: (user + system) / 1_000_000,
    };
    for (const subscriber of this.#subscribers) subscriber.reset();
    this.#cpuBefore = process.cpuUsage();
    return found;
  }

  close(): void {
    for (const subscriber of this.#subscribers) subscriber.leave();
    this.#wire.close();
  }
}

class Subscriber {
  readonly live: Promise<unknown>;
  readonly #stream: ClientHttp2Stream;
  delivered = 0;
  #dropped = 0;
  #droppedBefore = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: ClientHttp2Stream, request: Buffer) {
    this.#stream = stream;
    this.live = new Promise((resolve) => stream.once('response', resolve));
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.end(framed(request));
  }

  /** As it was told. */
  get missed(): number {
    return this.#dropped - this.#droppedBefore;
  }

  reset(): void {
    this.delivered = 0;
    this.#droppedBefore = this.#dropped;
  }

  leave(): void {
    this.#stream.close();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      this.delivered += 1;
      this.#readDropped(bytes, at + FRAME_HEADER_BYTES, end);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  #readDropped(bytes: Buffer, start: number, end: number): void {
    const cursor = new WireCursor(bytes, start, end);
    while (cursor.next()) {
      if (cursor.fieldNumber !== DROPPED_FIELD) cursor.skip();
      else {
        cursor.readVarint();
        this.#dropped = cursor.low;
      }
    }
  }
}
