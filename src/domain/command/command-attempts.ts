import type { Clock } from '../../ports/clock.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { SimulationId } from '../ids.ts';
import { type ShoalError, toShoalError } from '../shoal-error.ts';
import type { Keeping } from '../simulation/request-memory.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Command } from './command.ts';
import { neverSent, notAcknowledged } from './command-errors.ts';
import type { ControlAnswer, ControlCourse } from './control-request.ts';
import { answerBytes } from './control-simulation.ts';
import { ENOUGH, Quorum } from './quorum.ts';

/** What becomes of those that are slower than the others. */
export type Straggler =
  /** Each is waited for until its time is over; one that is late by then has failed. */
  | { readonly policy: 'WAIT' }
  /** The answer is given when so many have acknowledged; the others go on. */
  | { readonly policy: 'QUORUM'; readonly quorum: number }
  /** The answer is given when the time is over; the others go on. */
  | { readonly policy: 'DEADLINE' };

/** At least one of both: what is known of the command, why it failed. */
export interface ControlResult {
  readonly simulationId: SimulationId;
  readonly answer?: ControlAnswer;
  readonly error?: ShoalError;
}

/** A command on its way to one of many. */
export interface Attempt {
  readonly simulationId: SimulationId;
  readonly timeoutMs: number;
  readonly course: Promise<ControlCourse>;
}

/** Once an attempt has succeeded, its result alone is remembered. */
export type Joined = Attempt | ControlResult;

export const KEEPING: Keeping<readonly Joined[]> = {
  whenDone: (joined) => Promise.all(joined.map(afterwards)),
  bytesOf: (joined) => joined.reduce((sum, each) => sum + bytesOf(each), 0),
};

export interface WaitingParts {
  readonly registry: SimulationRegistry;
  readonly clock: Clock;
  readonly command: Command;
  readonly straggler: Straggler;
  /** When the caller came, by the monotonic clock. */
  readonly sinceMs: number;
}

/** One caller's waiting for a command to many. */
export class WaitingForMany {
  readonly #parts: WaitingParts;
  /** Absent: each is waited for. */
  readonly #quorum: Quorum | undefined;

  constructor(parts: WaitingParts) {
    this.#parts = parts;
    const { straggler } = parts;
    this.#quorum = straggler.policy === 'QUORUM' ? new Quorum(straggler.quorum) : undefined;
  }

  results(joined: readonly Joined[]): Promise<readonly ControlResult[]> {
    return Promise.all(joined.map((each) => ('course' in each ? this.#result(each) : each)));
  }

  async #result({ simulationId, timeoutMs, course: beginning }: Attempt): Promise<ControlResult> {
    const { clock, straggler, command, sinceMs } = this.#parts;
    const untilMs = sinceMs + timeoutMs;
    let course: ControlCourse | undefined;
    const acknowledged = async (): Promise<ControlAnswer> => {
      course = await beginning;
      course.sendUntil(untilMs);
      return course.done;
    };
    try {
      const inTime = before(clock, untilMs, acknowledged());
      const answer = await (this.#quorum?.orEnough(inTime) ?? inTime);
      if (answer !== TOO_LATE && answer !== ENOUGH) {
        if (answer.phase === 'APPLIED') this.#quorum?.reached();
        return { simulationId, answer };
      }
      const present = this.#present(simulationId, course);
      if (answer === ENOUGH || straggler.policy === 'DEADLINE') return { simulationId, answer: present };
      const addressed = { simulationId, command };
      const error =
        course === undefined
          ? neverSent(addressed, timeoutMs)
          : notAcknowledged(addressed, course.commandId, timeoutMs);
      return { simulationId, answer: present, error };
    } catch (thrown) {
      const error = toShoalError(thrown);
      // It was waiting for the one before it when the time was over: late, like the others.
      const isLate = error.code === 'TIMED_OUT' && straggler.policy === 'DEADLINE';
      return isLate ? { simulationId, answer: this.#present(simulationId, undefined) } : { simulationId, error };
    }
  }

  /** What is known of a command that is not done. */
  #present(id: SimulationId, course: ControlCourse | undefined): ControlAnswer {
    const { registry } = this.#parts;
    return {
      commandId: course?.commandId ?? '',
      state: registry.get(id).state,
      phase: course?.delivered === undefined ? 'ACCEPTED' : 'DELIVERED',
      completed: false,
      tick: registry.figures.of(id).lastTick,
    };
  }
}

async function afterwards(joined: Joined): Promise<Joined> {
  if (!('course' in joined)) return joined;
  try {
    const { done } = await joined.course;
    return { simulationId: joined.simulationId, answer: await done };
  } catch {
    return joined;
  }
}

/** An error has its stack with it. */
const FAILED_BYTES = 2_000;

function bytesOf(joined: Joined): number {
  return 'course' in joined || joined.answer === undefined ? FAILED_BYTES : answerBytes(joined.answer);
}
