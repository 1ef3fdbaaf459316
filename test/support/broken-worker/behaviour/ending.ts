export interface EndingBehaviour {
  /** The exit code after a stop; undefined: it does not end. */
  exitCodeOfStop(wasPaused: boolean): number | undefined;
  readonly endsOnSigterm: boolean;
  /** Half-closes its stream when it stops. */
  readonly halfCloses: boolean;
  /** How long it waits for the last acknowledgements. */
  readonly lastWaitMs: number;
}

export const rightEnding: EndingBehaviour = {
  exitCodeOfStop: () => 0,
  endsOnSigterm: true,
  halfCloses: true,
  lastWaitMs: 60_000,
};
