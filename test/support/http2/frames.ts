/** HTTP/2 by hand (RFC 9113), for peers that a library would not let us be. */

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const TYPES = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 } as const;

const END_STREAM = 0x1;
const END_HEADERS = 0x4;

export function frame(type: keyof typeof TYPES, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = TYPES[type];
  bytes[4] = flags;
  bytes.writeUInt32BE(streamId, 5);
  bytes.set(payload, 9);
  return bytes;
}

export function settings(values: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(values);
  const payload = Buffer.alloc(6 * entries.length);
  entries.forEach(([id, value], at) => {
    payload.writeUInt16BE(Number(id), 6 * at);
    payload.writeUInt32BE(value, 6 * at + 2);
  });
  return frame('settings', 0, 0, payload);
}

/** SETTINGS_INITIAL_WINDOW_SIZE. */
export const INITIAL_WINDOW_SIZE = 4;

/** A header block without a dynamic table or Huffman: each field literal, never indexed (RFC 7541, 6.2.3). */
export function headerBlock(fields: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => [Buffer.of(0x10), text(name), text(value)]);
  return Buffer.concat(parts);
}

function callHeaders(path: string): Record<string, string> {
  return {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
}

/** A DATA frame with one gRPC message. */
function message(streamId: number, bytes: Uint8Array, flags = END_STREAM): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return frame('data', flags, streamId, Buffer.concat([head, bytes]));
}

/** The beginning of a gRPC call; without END_HEADERS more of them must follow. */
export function callHead(streamId: number, path: string, flags = END_HEADERS, token?: string): Buffer {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return frame('headers', flags, streamId, headerBlock({ ...callHeaders(path), ...authorization }));
}

/** A whole gRPC call with one request. */
export function callWith(streamId: number, path: string, request: Uint8Array, token?: string): Buffer {
  return Buffer.concat([callHead(streamId, path, END_HEADERS, token), message(streamId, request)]);
}

/** A whole gRPC call whose request is empty. */
export function emptyCall(streamId: number, path: string): Buffer {
  return callWith(streamId, path, Buffer.alloc(0));
}

export function reset(streamId: number): Buffer {
  // CANCEL
  return frame('reset', 0, streamId, Buffer.of(0, 0, 0, 8));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([integer(bytes.length), bytes]);
}

/** With a prefix of 7 bits. */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.of(value);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
