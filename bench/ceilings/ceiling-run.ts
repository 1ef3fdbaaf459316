/** What one run of a ceiling prints. */
export interface CeilingRun {
  readonly perSecond: number;
  readonly events: number;
  /** Not acknowledged, or not seen on the other side. Anything but 0 makes the run worthless. */
  readonly lost: number;
  readonly senderCpuMicros: number;
  /** Of the other process, for each event; null where it was not measured. */
  readonly serverCpuMicros: number | null;
}

/** Microseconds of processor time for each event. */
export function perEvent(cpuSeconds: number, events: number): number {
  return (cpuSeconds / events) * 1_000_000;
}
