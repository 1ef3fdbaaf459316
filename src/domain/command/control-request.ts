import type { EventId, SimulationId, WorkerId } from '../ids.ts';
import type { SimulationState } from '../simulation/simulation-state.ts';
import type { Command } from './command.ts';
import type { CommandCourse } from './command-course.ts';
import type { CommandOutcome } from './command-outcome.ts';

export interface SentCommand {
  readonly commandId: EventId;
  /** Whose end is the end of the command; absent where Shoal itself carries it out. */
  readonly workerId?: WorkerId;
  /** Of the simulation, when it was sent. */
  readonly incarnation: number;
}

/** Hears of a command on its way to be sent. */
export interface Sending {
  /** It is about to be sent, under which id and to whom; a rejection keeps it from being sent. */
  begins(sent: SentCommand): Promise<void>;
  /** Its delivery has failed, and it may have been delivered all the same: this is its course, on which it can be sent again. */
  inDoubt(course: ControlCourse): void;
}

/** A command for one simulation. */
export interface CommandRequest {
  readonly simulationId: SimulationId;
  readonly command: Command;
  readonly requestId: string;
  /** Absent: `limits.command_timeout`. */
  readonly timeoutMs?: number;
  readonly expectedRevision?: number;
  readonly sending?: Sending;
}

export interface ControlRequest extends CommandRequest {
  /** Equal for equal requests. */
  readonly fingerprint: string;
  readonly wait: boolean;
}

export interface ControlAnswer {
  /** Empty while it waits for the command before it. */
  readonly commandId: EventId | '';
  readonly state: SimulationState;
  /** ACCEPTED: it waits for the command before it. */
  readonly phase: 'ACCEPTED' | 'DELIVERED' | 'APPLIED' | 'REFUSED';
  /** The worker has answered; or, for stop and a restart in place of reset, it is done. */
  readonly completed: boolean;
  readonly outcome?: CommandOutcome;
  readonly tick: bigint;
}

export type ControlCourse = CommandCourse<ControlAnswer>;

export type ResetCommand = Extract<Command, { name: 'reset' }>;
export type StopCommand = Extract<Command, { name: 'stop' }>;
