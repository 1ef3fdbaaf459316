/** Gauges of now and counters since the start. */
export interface AppendStatistics {
  readonly inFlight: number;
  /** Batches of which something has not been sent. */
  readonly waitingBatches: number;
  readonly stored: number;
  readonly waitingBytes: number;
  /** Batches refused because too much was waiting. */
  readonly turnedAway: number;
  /** Of those stored, the ones that the server had already. */
  readonly duplicates: number;
  readonly recoveries: number;
  /** Entries stored behind one that was sent after them. */
  readonly displaced: number;
}
