import type { Board, BoardCommand } from './board.ts';

/** What the demo tells of itself before the board is there. */
export interface DemoFacts {
  /** Client address of its daemon. */
  readonly address: string;
  /** `memory`, `nats 2.10.27`. */
  readonly messaging: string;
  readonly lengthMs: number;
}

/** Shows the demo while it runs: on a terminal in place, in a pipe line by line. */
export interface Reporter {
  begin(facts: DemoFacts, board: Board): void;
  /** Several times a second, and whenever something happened. */
  show(elapsedMs: number): void;
  commandDone(command: BoardCommand): void;
  /** Gives the terminal back; may be called twice. */
  end(): void;
}
