/** The bytes as characters U+0000 to U+00FF. Ids and keys are ASCII, so for valid ones this is their text, cheaply. */
export function latin1(bytes: Uint8Array, start: number, stop: number): string {
  let text = '';
  for (let at = start; at < stop; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}

export function isAscii(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let at = start; at < stop; at += 1) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}

const strict = new TextDecoder('utf-8', { fatal: true });

export function isUtf8(bytes: Uint8Array, start: number, stop: number): boolean {
  try {
    strict.decode(bytes.subarray(start, stop));
    return true;
  } catch {
    return false;
  }
}
