import type { Command } from '../domain/command/command.ts';
import type { ControlAnswer, SentCommand } from '../domain/command/control-request.ts';
import type { ErrorCode } from '../domain/error-code.ts';
import type { SimulationId } from '../domain/ids.ts';

/** Which command: one request may be for many simulations. */
export interface CommandKey {
  /** The caller and the method. */
  readonly scope: string;
  readonly requestId: string;
  readonly simulationId: SimulationId;
}

/** What became of a command, for good. */
export type CommandResult =
  | { readonly answer: ControlAnswer }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

export interface JournalledCommand extends CommandKey {
  /** Equal for equal requests. */
  readonly fingerprint: string;
  /** When the request came, by the wall clock. */
  readonly atMs: number;
  /** Absent once it is done. */
  readonly command?: Command;
  /** Absent: it waits for its turn, and nothing of it was sent. */
  readonly sent?: SentCommand;
  /** Absent: it is under way. */
  readonly result?: CommandResult;
}

/**
 * Commands that have a request id, so that the next daemon can say what became of them. Written before a command is sent,
 * and again when it is done; each write replaces what was written of the command before.
 *
 * Entries are forgotten after an hour, and before when there are too many: those that are done first. A write that has resolved
 * survives what the registry survives.
 */
export interface CommandJournal {
  /** All or none of them. @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN: nothing is written */
  write(commands: readonly JournalledCommand[]): Promise<void>;
  /** The request has failed as a whole, and may be tried again. Forgetting what is not there is not an error. */
  forget(key: CommandKey): Promise<void>;
  /** Those of the last hour, the oldest first. Called once, before anything is written. */
  list(): Promise<readonly JournalledCommand[]>;
}
