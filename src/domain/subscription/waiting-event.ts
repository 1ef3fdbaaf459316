/** An event on its way to one subscriber. */
export interface WaitingEvent {
  readonly simulationId: string;
  readonly eventTypeKey: string;
  /** What it was published to. */
  readonly subject: string;
  /** The envelope. */
  readonly bytes: Uint8Array;
  /** 0: not logged. */
  readonly logSequence: number;
  /** Running sequence within its simulation; 0: none. */
  readonly simulationSequence: number;
  /** What a sink has made of it: it is written to many subscribers and made once. */
  rendered?: Uint8Array;
}

/** What may wait for one subscriber. */
export interface WaitingBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** A view of the bytes would keep the whole network buffer that they came in, for as long as the event waits. */
export function detached(event: WaitingEvent): WaitingEvent {
  return { ...event, bytes: new Uint8Array(event.bytes) };
}
