import type { EnvelopeView } from './envelope-view.ts';

/** What Shoal knows of an event that its worker left out. */
export interface EnvelopeDefaults {
  readonly eventId: () => string;
  readonly timestampNs: () => bigint;
  readonly sourceWorkerId: string;
  readonly simulationId: string;
}

/**
 * The envelope with its empty fields filled in by appending them: concatenated protobuf messages merge, so the
 * reported bytes stay in front, unchanged. Returns the same bytes when nothing is missing. The view is brought up to date.
 */
export function completeEnvelope(view: EnvelopeView, defaults: EnvelopeDefaults): Uint8Array {
  if (view.hasEventId && !view.timestampIsAbsent && view.sourceWorkerId !== '' && view.simulationId !== '')
    return view.bytes;
  const tail: number[] = [];
  if (!view.hasEventId) {
    view.fillEventId(defaults.eventId());
    appendText(tail, 1, view.eventId);
  }
  if (view.timestampIsAbsent) {
    view.timestampIsAbsent = false;
    appendVarintField(tail, 4, defaults.timestampNs());
  }
  if (view.sourceWorkerId === '') {
    view.sourceWorkerId = defaults.sourceWorkerId;
    appendText(tail, 5, view.sourceWorkerId);
  }
  if (view.simulationId === '') {
    view.simulationId = defaults.simulationId;
    appendText(tail, 6, view.simulationId);
  }
  const completed = new Uint8Array(view.bytes.length + tail.length);
  completed.set(view.bytes);
  completed.set(tail, view.bytes.length);
  return completed;
}

/** `text` is ASCII of at most 128 characters: all that Shoal fills in are ids. */
function appendText(out: number[], fieldNumber: number, text: string): void {
  out.push((fieldNumber << 3) | 2);
  appendVarint(out, BigInt(text.length));
  for (let at = 0; at < text.length; at += 1) out.push(text.charCodeAt(at));
}

function appendVarintField(out: number[], fieldNumber: number, value: bigint): void {
  out.push(fieldNumber << 3);
  appendVarint(out, value);
}

function appendVarint(out: number[], value: bigint): void {
  let rest = value;
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
}
