import type { Authorizer } from '../../ports/authorizer.ts';
import type { Clock } from '../../ports/clock.ts';
import { type CallContext, whileCalled } from '../call-context.ts';
import { before, TOO_LATE } from '../deadline.ts';
import type { Keeping, RequestMemory } from '../simulation/request-memory.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { notAcknowledged } from './command-errors.ts';
import type { ControlAnswer, ControlCourse, ControlRequest } from './control-request.ts';
import type { JournalledCommands, RequestedCommand } from './journalled-commands.ts';
import type { SimulationCommands } from './simulation-commands.ts';

export interface ControlParts {
  readonly registry: SimulationRegistry;
  readonly commands: SimulationCommands;
  readonly requests: RequestMemory;
  readonly journalled: JournalledCommands;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
}

/** The use case behind ControlSimulation, contract section 5: who may, once for each request id, and how long anyone waits. */
export class ControlSimulation {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** @throws ShoalError as contract section 5 says; CANCELLED when the caller has gone, which does not undo the command */
  async run(context: CallContext, request: ControlRequest): Promise<ControlAnswer> {
    const { authorizer, requests, registry, commands, journalled, clock } = this.#parts;
    const { id, labels } = registry.get(request.simulationId);
    authorizer.demand(context, 'control', { simulationId: id, labels });
    const scope = `${context.principal.name} ControlSimulation`;
    const timeoutMs = commands.timeoutMs(request);
    const untilMs = clock.monotonicMs() + timeoutMs;
    const begin = (): Promise<Joined> =>
      journalled.begin({ ...requestedBy(request), scope }, id, 'forget', (sending) =>
        commands.begin(context, { ...request, ...(sending && { sending }) }, timeoutMs),
      );
    const joined = requests.once(scope, request.requestId, request.fingerprint, begin, keeping(request));
    const course = await whileCalled(context, joined);
    if ('phase' in course) return course;
    if (!request.wait && course.delivered !== undefined) return course.delivered;
    course.sendUntil(untilMs);
    const done = await whileCalled(context, before(clock, untilMs, course.done));
    if (done === TOO_LATE) throw notAcknowledged(request, course.commandId, timeoutMs);
    return done;
  }
}

function requestedBy(request: ControlRequest): Omit<RequestedCommand, 'scope'> {
  const { simulationId, requestId, fingerprint, command } = request;
  return { simulationIds: [simulationId], requestId, fingerprint, command };
}

/** A command on its way; once it is done, its answer alone is remembered. */
type Joined = ControlCourse | ControlAnswer;

function keeping({ wait }: ControlRequest): Keeping<Joined> {
  return {
    whenDone: async (joined) => {
      if ('phase' in joined) return joined;
      return !wait && joined.delivered !== undefined ? joined.delivered : joined.done;
    },
    bytesOf: (joined) => ('phase' in joined ? answerBytes(joined) : ANSWER_BYTES),
  };
}

/** Of an answer without what the worker has said in it. */
const ANSWER_BYTES = 500;

/** What an answer takes in memory, roughly. */
export function answerBytes({ outcome }: ControlAnswer): number {
  if (outcome === undefined) return ANSWER_BYTES;
  const { result, message, resultContentType } = outcome;
  return ANSWER_BYTES + result.length + message.length + resultContentType.length;
}
