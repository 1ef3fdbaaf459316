import { WireCursor } from '../../src/domain/envelope/wire-cursor.ts';
import { FRAME_HEADER_BYTES } from './grpc-wire.ts';

/** Reads the answers of a stream that reports events: field 1 acknowledges all up to it, field 2 is an event rejected. */
export class AnswerReader {
  through = 0;
  rejected = 0;
  #rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      this.#readMessage(bytes.subarray(at + FRAME_HEADER_BYTES, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  #readMessage(message: Buffer): void {
    const cursor = new WireCursor(message);
    while (cursor.next()) {
      if (cursor.fieldNumber === 2) this.rejected += 1;
      if (cursor.fieldNumber === 1) {
        cursor.readVarint();
        this.through = cursor.low;
      } else cursor.skip();
    }
  }
}
