import type { Command } from '../domain/command/command.ts';
import type { ControlAnswer, SentCommand } from '../domain/command/control-request.ts';
import type { ErrorCode } from '../domain/error-code.ts';
import type { SimulationId } from '../domain/ids.ts';

export interface RequestKey {
  /** The caller and the method. */
  readonly scope: string;
  readonly requestId: string;
}

/** One command to one simulation or to many. */
export interface JournalledRequest extends RequestKey {
  /** Equal for equal requests. */
  readonly fingerprint: string;
  /** When the request came, by the wall clock. */
  readonly atMs: number;
  /** In the order of the request. */
  readonly simulationIds: readonly SimulationId[];
  /** Absent once it is done for all of them. */
  readonly command?: Command;
}

/** What became of a command, for good. */
export type CommandResult =
  | { readonly answer: ControlAnswer }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** How far the command of a request has come with one of its simulations. */
export interface CommandProgress {
  readonly simulationId: SimulationId;
  /** Absent: nothing of it was sent. */
  readonly sent?: SentCommand;
  /** Absent: it is under way. */
  readonly result?: CommandResult;
}

export interface JournalRecord {
  readonly request: JournalledRequest;
  /** In any order; of simulations that are absent nothing has happened. */
  readonly progress: readonly CommandProgress[];
}

/**
 * Commands that have a request id, so that the next daemon can say what became of them. Written before a command is sent,
 * and again when it is done.
 *
 * Requests are forgotten after an hour, and before when there are too many: those that are done first. A write that has resolved
 * survives what the registry survives.
 */
export interface CommandJournal {
  /**
   * Writes the request, unless it is there, and how far it has come with one simulation, in place of what was written of that. What is
   * large, the command and the ids, is written once, however many simulations there are.
   *
   * @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN: nothing is written
   */
  write(request: JournalledRequest, progress?: CommandProgress): Promise<void>;
  /** The request has failed as a whole, and may be tried again. Forgetting what is not there is not an error. */
  forget(key: RequestKey): Promise<void>;
  /** Those of the last hour, the oldest first. Called once, before anything is written. */
  list(): Promise<readonly JournalRecord[]>;
}
