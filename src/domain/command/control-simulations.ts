import { type CallContext, whileCalled } from '../call-context.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invalidArgument, type ShoalError, toShoalError } from '../shoal-error.ts';
import type { LabelSelector } from '../simulation/label-selector.ts';
import type { Keeping } from '../simulation/request-memory.ts';
import { isFinal, type SimulationState } from '../simulation/simulation-state.ts';
import type { Command } from './command.ts';
import { type Addressed, neverSent, notAcknowledged } from './command-errors.ts';
import type { ControlAnswer, ControlCourse, Sending } from './control-request.ts';
import { answerBytes, type ControlParts } from './control-simulation.ts';
import type { JournalledRequest } from './journalled-commands.ts';
import { ENOUGH, Quorum } from './quorum.ts';

/** What becomes of those that are slower than the others. */
export type Straggler =
  /** Each is waited for until its time is over; one that is late by then has failed. */
  | { readonly policy: 'WAIT' }
  /** The answer is given when so many have acknowledged; the others go on. */
  | { readonly policy: 'QUORUM'; readonly quorum: number }
  /** The answer is given when the time is over; the others go on. */
  | { readonly policy: 'DEADLINE' };

export interface ControlManyRequest {
  /** Empty: whatever the selector selects. */
  readonly simulationIds: readonly SimulationId[];
  /** Absent: whatever the ids name. */
  readonly selects?: LabelSelector;
  readonly command: Command;
  readonly requestId: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
  /** Absent: `limits.command_timeout`. */
  readonly timeoutMs?: number;
  readonly straggler: Straggler;
}

/** At least one of both: what is known of the command, why it failed. */
export interface ControlResult {
  readonly simulationId: SimulationId;
  readonly answer?: ControlAnswer;
  readonly error?: ShoalError;
}

/** A command on its way to one of many. */
interface Attempt {
  readonly simulationId: SimulationId;
  readonly timeoutMs: number;
  readonly course: Promise<ControlCourse>;
}

/** Once an attempt has succeeded, its result alone is remembered. */
type Joined = Attempt | ControlResult;

const KEEPING: Keeping<readonly Joined[]> = {
  whenDone: (joined) => Promise.all(joined.map(afterwards)),
  bytesOf: (joined) => joined.reduce((sum, each) => sum + bytesOf(each), 0),
};

/** The use case behind ControlSimulations: one command to many at once, and a result for each, in the order of the request. */
export class ControlSimulations {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** @throws ShoalError INVALID_ARGUMENT; CANCELLED when the caller has gone, which does not undo the commands */
  async run(context: CallContext, request: ControlManyRequest): Promise<readonly ControlResult[]> {
    const { requests, journalled, clock } = this.#parts;
    const sinceMs = clock.monotonicMs();
    const scope = `${context.principal.name} ControlSimulations`;
    const begin = async (): Promise<readonly Joined[]> => {
      const { requestId, fingerprint, command } = request;
      const recalled = journalled.targets(scope, requestId, fingerprint);
      const targets = recalled ?? this.#targets(context, request);
      demandReachable(request.straggler, targets.length);
      const requested = targets.map((simulationId) => ({ scope, requestId, simulationId, fingerprint, command }));
      if (recalled === undefined) await journalled.accept(requested);
      return requested.map((each) => this.#attempt(context, each, request.timeoutMs));
    };
    const attempts = await requests.once(scope, request.requestId, request.fingerprint, begin, KEEPING);
    const quorum = new Quorum(
      request.straggler.policy === 'QUORUM' ? request.straggler.quorum : Number.POSITIVE_INFINITY,
    );
    const results = attempts.map((attempt) =>
      'course' in attempt ? this.#result(attempt, request, sinceMs, quorum) : attempt,
    );
    return whileCalled(context, Promise.all(results));
  }

  /** A selector leaves out those that are over; who names one is told. */
  #targets(context: CallContext, { simulationIds, selects, command }: ControlManyRequest): readonly SimulationId[] {
    const { registry, authorizer } = this.#parts;
    const named = [...new Set(simulationIds)];
    if (selects === undefined) return named;
    if (named.length > 0) return named.filter((id) => selects(registry.find(id)?.labels ?? {}) || !registry.find(id));
    return [...registry.simulations()]
      .filter(({ state, labels }) => mayObey(state, command) && selects(labels))
      .filter(({ id: simulationId, labels }) => authorizer.permits(context, 'control', { simulationId, labels }))
      .map(({ id }) => id);
  }

  #attempt(context: CallContext, requested: JournalledRequest, timeoutMs: number | undefined): Attempt {
    const { commands, journalled, registry, authorizer } = this.#parts;
    const { simulationId, command, requestId } = requested;
    const request = { simulationId, command, requestId, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const limitMs = commands.timeoutMs(request);
    const begin = async (sending?: Sending): Promise<ControlCourse> => {
      authorizer.demand(context, 'control', { simulationId, labels: registry.get(simulationId).labels });
      return commands.begin(context, { ...request, ...(sending && { sending }) }, limitMs);
    };
    const course = journalled.begin(requested, 'keep', begin);
    course.catch(ignore);
    return { simulationId, timeoutMs: limitMs, course };
  }

  async #result(
    attempt: Attempt,
    request: ControlManyRequest,
    sinceMs: number,
    quorum: Quorum,
  ): Promise<ControlResult> {
    const { clock } = this.#parts;
    const { simulationId, timeoutMs } = attempt;
    const untilMs = sinceMs + timeoutMs;
    let course: ControlCourse | undefined;
    const acknowledged = async (): Promise<ControlAnswer> => {
      course = await attempt.course;
      course.sendUntil(untilMs);
      return course.done;
    };
    try {
      const answer = await quorum.orEnough(before(clock, untilMs, acknowledged()));
      if (answer !== TOO_LATE && answer !== ENOUGH) {
        if (answer.phase === 'APPLIED') quorum.reached();
        return { simulationId, answer };
      }
      const present = this.#present(simulationId, course);
      if (answer === ENOUGH || request.straggler.policy === 'DEADLINE') return { simulationId, answer: present };
      return {
        simulationId,
        answer: present,
        error: late({ simulationId, command: request.command }, course, timeoutMs),
      };
    } catch (thrown) {
      const error = toShoalError(thrown);
      // It was waiting for the one before it when the time was over: late, like the others.
      const isLate = error.code === 'TIMED_OUT' && request.straggler.policy === 'DEADLINE';
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

/** One that is LOST has nobody to obey: it can only be stopped. */
function mayObey(state: SimulationState, command: Command): boolean {
  return !isFinal(state) && (state !== 'LOST' || command.name === 'stop');
}

function late(addressed: Addressed, course: ControlCourse | undefined, timeoutMs: number): ShoalError {
  return course === undefined
    ? neverSent(addressed, timeoutMs)
    : notAcknowledged(addressed, course.commandId, timeoutMs);
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

function demandReachable(straggler: Straggler, count: number): void {
  if (straggler.policy === 'QUORUM' && straggler.quorum > count) {
    throw invalidArgument('quorum', `is ${straggler.quorum}, of ${count} simulations`);
  }
}
