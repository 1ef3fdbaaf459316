export interface NatsBehaviour {
  /** Obeys what comes. @param reconnections of the NATS connection, so far */
  hears(reconnections: number): boolean;
  /** Connects again when the server is gone; else it goes on without. */
  readonly reconnects: boolean;
  /** What it does while the server is gone. */
  readonly withoutServer: 'go on' | 'exit' | 'lose events';
  /** Answers on the reply subject, too. */
  readonly replies: boolean;
  /** A subject on which it says that it is there. */
  readonly announcesOn: string | undefined;
}

export const rightNats: NatsBehaviour = {
  hears: () => true,
  reconnects: true,
  withoutServer: 'go on',
  replies: false,
  announcesOn: undefined,
};
