import type { SeenEvent } from './observations.ts';
import { tickOf } from './ticks.ts';

/** The id of the first event that came a second time; events without an id are not looked at. */
export function firstRepeated(events: readonly SeenEvent[]): string | undefined {
  const seen = new Set<string>();
  for (const { envelope } of events) {
    const { eventId } = envelope;
    if (seen.has(eventId)) return eventId;
    if (eventId !== '') seen.add(eventId);
  }
  return undefined;
}

/** The first time each event came. */
export function withoutRepeats(events: readonly SeenEvent[]): SeenEvent[] {
  const seen = new Set<string>();
  return events.filter(({ envelope: { eventId } }) => eventId === '' || (!seen.has(eventId) && seen.add(eventId)));
}

/** Where ordinals do not rise by 1 within a stream, acknowledgements of commands counted or not; undefined where they do, and where there are none. */
export function ordinalGap(events: readonly SeenEvent[]): string | undefined {
  const given = Map.groupBy(
    events.filter(({ envelope }) => envelope.ordinal !== '0'),
    ({ stream }) => stream,
  );
  for (const ofStream of given.values()) {
    const gap = leap(ofStream);
    if (gap !== undefined && leap(ofStream.filter(({ isAck }) => !isAck)) !== undefined) return gap;
  }
  return undefined;
}

/**
 * A tick of which no event came, though of one before it and one after it some did; where every event tells its tick, and
 * without a reset. Acknowledgements of commands need not tell one.
 */
export function tickGap(events: readonly SeenEvent[]): string | undefined {
  if (events.some((event) => !event.isAck && tickOf(event) === undefined)) return undefined;
  const ticks = [...new Set(events.flatMap((event) => tickOf(event) ?? []))].sort((a, b) => a - b);
  const at = ticks.findIndex((tick, index) => tick > (ticks[index - 1] ?? tick) + 1);
  return at < 0 ? undefined : `events of tick ${ticks[at - 1]}, then of tick ${ticks[at]}`;
}

function leap(events: readonly SeenEvent[]): string | undefined {
  const at = events.findIndex(({ envelope }, index) => {
    const before = events[index - 1];
    return before !== undefined && BigInt(envelope.ordinal) !== BigInt(before.envelope.ordinal) + 1n;
  });
  return at < 0 ? undefined : `ordinal ${events[at - 1]?.envelope.ordinal}, then ${events[at]?.envelope.ordinal}`;
}
