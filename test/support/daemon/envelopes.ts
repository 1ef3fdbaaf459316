import type {
  GenericEventRequest,
  GenericEventRequestOutput,
} from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';

const { GenericEventRequest: Envelope } = loadProtos().tree.fes.common.events;

export function envelope(event: GenericEventRequest): Buffer {
  return Envelope.serialize(event);
}

export function readEnvelope(bytes: Uint8Array): GenericEventRequestOutput {
  return Envelope.deserialize(Buffer.from(bytes));
}

/** A ReportEventBatchesRequest around envelopes that are bytes already, whatever they hold. */
export function batch(sequence: number, envelopes: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([0x08]), varint(sequence), ...envelopes.map((bytes) => field(2, bytes))]);
}

/** One length-delimited field: for messages that no encoder would write. */
export function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A SubscribeToEventsResponse whose envelope is still as it came. */
export interface SubscribedEvent {
  readonly bytes: Buffer;
  readonly logSequence: number;
  readonly dropped: number;
  readonly subject: string;
  /** Absent: not logged. */
  readonly simulationSequence?: number;
}

/** By hand, so that the bytes of the envelope are seen and not what a decoder makes of them. */
export function readSubscribed(message: Buffer): SubscribedEvent {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const range = (): Buffer => {
    const length = number();
    at += length;
    return message.subarray(at - length, at);
  };
  let event: SubscribedEvent = { bytes: Buffer.alloc(0), logSequence: 0, dropped: 0, subject: '' };
  while (at < message.length) {
    const tag = number();
    if (tag === 0x0a) event = { ...event, bytes: range() };
    else if (tag === 0x10) event = { ...event, logSequence: number() };
    else if (tag === 0x18) event = { ...event, dropped: number() };
    else if (tag === 0x22) event = { ...event, subject: range().toString() };
    else if (tag === 0x28) event = { ...event, simulationSequence: number() };
    else throw new Error(`a SubscribeToEventsResponse has the tag ${tag}`);
  }
  return event;
}
