const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text, cheaply where they are ASCII, as ids and keys are; undefined when they are not UTF-8. */
export function textOf(bytes: Uint8Array, start: number, stop: number): string | undefined {
  for (let at = start; at < stop; at += 1) {
    if ((bytes[at] as number) >= 0x80) return decodeStrictly(bytes.subarray(start, stop));
  }
  return asciiOf(bytes, start, stop);
}

/** Eight at a time: a string that is put together of single characters costs more than twice as much. */
function asciiOf(bytes: Uint8Array, start: number, stop: number): string {
  const byte = (at: number): number => bytes[at] as number;
  let text = '';
  let at = start;
  for (; at + 8 <= stop; at += 8) {
    text += String.fromCharCode(
      byte(at),
      byte(at + 1),
      byte(at + 2),
      byte(at + 3),
      byte(at + 4),
      byte(at + 5),
      byte(at + 6),
      byte(at + 7),
    );
  }
  for (; at < stop; at += 1) text += String.fromCharCode(byte(at));
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
