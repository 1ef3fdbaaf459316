/** JSON that gives back what it was given: whole numbers of 64 bits as `{"$bigint": "…"}`, bytes as `{"$bytes": "…"}` in base64. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, given) {
    // Buffers turn themselves into something else before this is asked.
    const own = this[key];
    if (typeof own === 'bigint') return { $bigint: String(own) };
    if (own instanceof Uint8Array) return { $bytes: toBase64(own) };
    return given;
  });
}

/** @throws SyntaxError for what is no JSON; TypeError, RangeError or a DOMException for what only looks like it */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value) => {
    if (typeof value?.$bigint === 'string') return BigInt(value.$bigint);
    if (typeof value?.$bytes === 'string') return fromBase64(value.$bytes);
    return value;
  });
}

/** As many as a call may have arguments, with room. */
const CHUNK_BYTES = 8_192;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from({ length: binary.length }, (_, at) => binary.charCodeAt(at));
}
