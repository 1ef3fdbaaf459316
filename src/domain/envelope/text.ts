const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text, cheaply where they are ASCII, as ids and keys are; undefined when they are not UTF-8. */
export function textOf(bytes: Uint8Array, start: number, stop: number): string | undefined {
  let text = '';
  for (let at = start; at < stop; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) return decodeStrictly(bytes.subarray(start, stop));
    text += String.fromCharCode(byte);
  }
  return text;
}

export function isUtf8(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let at = start; at < stop; at += 1) {
    if ((bytes[at] as number) >= 0x80) return decodeStrictly(bytes.subarray(at, stop)) !== undefined;
  }
  return true;
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
