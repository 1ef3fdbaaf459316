import type { SeenAck, SeenEvent } from './observations.ts';

/** The tick that an event says it is of, in its attributes; undefined where it does not say. */
export function tickOf({ envelope }: SeenEvent): number | undefined {
  const { tick } = envelope.attributes;
  return tick !== undefined && /^\d{1,15}$/.test(tick) ? Number(tick) : undefined;
}

/** The tick that an acknowledgement tells; NaN where it cannot be read, which is equal to nothing. */
export function ackedTick({ ack }: SeenAck): number {
  return ack === undefined ? Number.NaN : Number(ack.tick);
}

/** Events between two others, acknowledgements of commands left aside. */
export function eventsBetween(events: readonly SeenEvent[], after: SeenEvent, before?: SeenEvent): SeenEvent[] {
  const end = before?.index ?? Number.POSITIVE_INFINITY;
  return events.filter(({ index }) => index > after.index && index < end);
}
