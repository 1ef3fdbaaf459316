export interface BatchLimits {
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly maxInFlightBatches: number;
}

/** An event on its way. */
export interface Kept {
  readonly bytes: Buffer;
  readonly eventId: string;
  readonly ordinal: number;
}

/** How a stream came about that is not the first. */
export interface Reconnection {
  /** In the order in which they happened. */
  readonly unacknowledged: readonly Kept[];
  /** Of the last batch that was acknowledged. */
  readonly lastAcknowledged: readonly Kept[];
  /** Of the last stream. */
  readonly lastBatchSize: number;
  /** 0: the next attempt already was successful. */
  readonly failedAttempts: number;
  readonly resumeAfterOrdinal: number;
}

export interface BatchBehaviour {
  limits(told: BatchLimits): BatchLimits;
  /** The number of the next batch. @param stream which one, from 1 */
  sequenceAfter(last: number, stream: number): number;
  /** The number before the first of a new stream. @param last of the stream before it */
  sequenceBefore(last: number): number;
  /** What a new stream begins with. */
  resent(reconnection: Reconnection): readonly Kept[];
  /** What becomes of a tick while so many events are not acknowledged: it waits, is made, or is made and what happens in it is lost. */
  tickWith(unacknowledged: number): 'made' | 'held' | 'lost';
  /** What it does about an event that Shoal does not take. */
  readonly rejected: 'forget' | 'send again' | 'exit';
}

/** A few seconds at the default pace. */
const ROOM = 512;

export const rightBatches: BatchBehaviour = {
  limits: (told) => told,
  sequenceAfter: (last) => last + 1,
  sequenceBefore: () => 0,
  resent: ({ unacknowledged, resumeAfterOrdinal }) =>
    unacknowledged.filter(({ ordinal }) => ordinal > resumeAfterOrdinal),
  tickWith: (unacknowledged) => (unacknowledged < ROOM ? 'made' : 'held'),
  rejected: 'forget',
};
