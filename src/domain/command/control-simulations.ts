import { type CallContext, whileCalled } from '../call-context.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { invalidArgument } from '../shoal-error.ts';
import type { LabelSelector } from '../simulation/label-selector.ts';
import { isFinal, type SimulationState } from '../simulation/simulation-state.ts';
import type { Command } from './command.ts';
import {
  type Attempt,
  type ControlResult,
  type Joined,
  KEEPING,
  type Straggler,
  WaitingForMany,
} from './command-attempts.ts';
import type { ControlCourse, Sending } from './control-request.ts';
import type { ControlParts } from './control-simulation.ts';
import type { RequestedCommand } from './journalled-commands.ts';

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

/** The use case behind ControlSimulations: one command to many at once, and a result for each, in the order of the request. */
export class ControlSimulations {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** @throws ShoalError INVALID_ARGUMENT; CANCELLED when the caller has gone, which does not undo the commands */
  async run(context: CallContext, request: ControlManyRequest): Promise<readonly ControlResult[]> {
    const { requests, journalled, registry, clock } = this.#parts;
    const sinceMs = clock.monotonicMs();
    const scope = `${context.principal.name} ControlSimulations`;
    const begin = async (): Promise<readonly Joined[]> => {
      const { requestId, fingerprint, command } = request;
      const recalled = journalled.targets({ scope, requestId, fingerprint });
      const simulationIds = recalled ?? this.#targets(context, request);
      demandReachable(request.straggler, simulationIds.length);
      const requested = { scope, requestId, fingerprint, simulationIds, command };
      if (recalled === undefined) await journalled.accept(requested);
      return simulationIds.map((id) => this.#attempt(context, requested, id, request.timeoutMs));
    };
    const joined = await requests.once(scope, request.requestId, request.fingerprint, begin, KEEPING);
    const waiting = new WaitingForMany({
      registry,
      clock,
      command: request.command,
      straggler: request.straggler,
      sinceMs,
    });
    return whileCalled(context, waiting.results(joined));
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

  #attempt(
    context: CallContext,
    requested: RequestedCommand,
    simulationId: SimulationId,
    timeoutMs: number | undefined,
  ): Attempt {
    const { commands, journalled, registry, authorizer } = this.#parts;
    const { command, requestId } = requested;
    const request = { simulationId, command, requestId, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const limitMs = commands.timeoutMs(request);
    const begin = async (sending?: Sending): Promise<ControlCourse> => {
      authorizer.demand(context, 'control', { simulationId, labels: registry.get(simulationId).labels });
      return commands.begin(context, { ...request, ...(sending && { sending }) }, limitMs);
    };
    const course = journalled.begin(requested, simulationId, 'keep', begin);
    course.catch(ignore);
    return { simulationId, timeoutMs: limitMs, course };
  }
}

/** One that is LOST has nobody to obey: it can only be stopped. */
function mayObey(state: SimulationState, command: Command): boolean {
  return !isFinal(state) && (state !== 'LOST' || command.name === 'stop');
}

function demandReachable(straggler: Straggler, count: number): void {
  if (straggler.policy === 'QUORUM' && straggler.quorum > count) {
    throw invalidArgument('quorum', `is ${straggler.quorum}, of ${count} simulations`);
  }
}
