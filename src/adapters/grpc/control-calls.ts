import type { handleUnaryCall } from '@grpc/grpc-js';
import type { ControlResult, Straggler } from '../../domain/command/command-attempts.ts';
import type { ControlAnswer } from '../../domain/command/control-request.ts';
import type { ControlSimulation } from '../../domain/command/control-simulation.ts';
import type { ControlSimulations } from '../../domain/command/control-simulations.ts';
import { parseSimulationId } from '../../domain/ids.ts';
import { invalidArgument, toShoalError } from '../../domain/shoal-error.ts';
import { parseLabelSelector } from '../../domain/simulation/label-selector.ts';
import { BOUNDS, demandCount, demandWait } from './bounds.ts';
import { type FailureListener, unary } from './calls.ts';
import { parseCommand } from './command-request.ts';
import type { ControlResult as ControlResultMessage } from './generated/fes/orchestration/v1/ControlResult.ts';
import type { ControlSimulationRequestOutput } from './generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponse } from './generated/fes/orchestration/v1/ControlSimulationResponse.ts';
import type { ControlSimulationsRequestOutput } from './generated/fes/orchestration/v1/ControlSimulationsRequest.ts';
import type { ControlSimulationsResponse } from './generated/fes/orchestration/v1/ControlSimulationsResponse.ts';
import { requestFingerprint } from './request-fingerprint.ts';
import { stateName } from './simulation-message.ts';
import { GRPC_STATUS } from './status-codes.ts';
import { durationMs } from './well-known-types.ts';

export interface ControlCallsParts {
  readonly control: ControlSimulation;
  readonly controlMany: ControlSimulations;
  /** Hears of each command to each simulation how long its call took; `result` is `ok` or the reason of its failure. */
  readonly onCommand: (command: string, result: string, seconds: number) => void;
  readonly onFailure: FailureListener;
}

export function controlSimulation({
  control,
  onCommand,
  onFailure,
}: ControlCallsParts): handleUnaryCall<ControlSimulationRequestOutput, ControlSimulationResponse> {
  return unary(
    async (request, context) => {
      const command = parseCommand(request);
      const elapsed = stopwatch();
      const answer = control.run(context, {
        simulationId: parseSimulationId(request.simulationId),
        command,
        requestId: request.requestId,
        fingerprint: requestFingerprint(request),
        wait: request.waitForCompletion,
        ...timeoutOf(request),
        ...(request.expectedRevision === undefined ? {} : { expectedRevision: Number(request.expectedRevision) }),
      });
      answer.then(
        () => onCommand(command.name, 'ok', elapsed()),
        (thrown) => onCommand(command.name, toShoalError(thrown).code, elapsed()),
      );
      return controlResponse(await answer);
    },
    (thrown) => onFailure('ControlSimulation', thrown),
  );
}

export function controlSimulations({
  controlMany,
  onCommand,
  onFailure,
}: ControlCallsParts): handleUnaryCall<ControlSimulationsRequestOutput, ControlSimulationsResponse> {
  return unary(
    async (request, context) => {
      const { template, labelSelector } = request;
      if (template === null) throw invalidArgument('template', 'is not set; it holds the command');
      if (template.expectedRevision !== undefined) {
        throw invalidArgument('template.expected_revision', 'cannot be the same for many; leave it out');
      }
      demandCount('simulation_ids', request.simulationIds.length, BOUNDS.simulationIds);
      const simulationIds = request.simulationIds.map((id) => parseSimulationId(id, 'simulation_ids'));
      if (simulationIds.length === 0 && labelSelector.trim() === '') {
        throw invalidArgument('simulation_ids', 'is empty, and so is label_selector; say which simulations are meant');
      }
      const command = parseCommand(template);
      const elapsed = stopwatch();
      const results = await controlMany.run(context, {
        simulationIds,
        ...(labelSelector.trim() === '' ? {} : { selects: parseLabelSelector(labelSelector) }),
        command,
        requestId: template.requestId,
        fingerprint: requestFingerprint({ ...request, requestId: template.requestId }),
        ...timeoutOf(template),
        straggler: stragglerOf(request),
      });
      const seconds = elapsed();
      for (const { error, answer } of results) {
        onCommand(command.name, error?.code ?? (answer?.completed ? 'ok' : 'TIMED_OUT'), seconds);
      }
      return { results: results.map(resultMessage) };
    },
    (thrown) => onFailure('ControlSimulations', thrown),
  );
}

function timeoutOf({ timeout }: ControlSimulationRequestOutput): { timeoutMs?: number } {
  return timeout ? { timeoutMs: demandWait('timeout', durationMs(timeout, 'timeout')) } : {};
}

function stragglerOf({ straggler, quorum }: ControlSimulationsRequestOutput): Straggler {
  if (straggler === 'STRAGGLER_POLICY_QUORUM') {
    if (quorum === 0) throw invalidArgument('quorum', 'is 0; say how many simulations are enough');
    return { policy: 'QUORUM', quorum };
  }
  if (quorum !== 0) throw invalidArgument('quorum', 'is set, but straggler is not STRAGGLER_POLICY_QUORUM');
  if (straggler === 'STRAGGLER_POLICY_DEADLINE') return { policy: 'DEADLINE' };
  if (straggler === 'STRAGGLER_POLICY_WAIT' || straggler === 'STRAGGLER_POLICY_UNSPECIFIED') return { policy: 'WAIT' };
  throw invalidArgument('straggler', `${String(straggler)} is not a policy that this version knows`);
}

function resultMessage({ simulationId, answer, error }: ControlResult): ControlResultMessage {
  return {
    simulationId,
    response: answer === undefined ? null : controlResponse(answer),
    code: error === undefined ? 0 : GRPC_STATUS[error.code],
    message: error?.message ?? '',
  };
}

function controlResponse(answer: ControlAnswer): ControlSimulationResponse {
  const { commandId, state, phase, completed, outcome, tick } = answer;
  return {
    commandId,
    state: stateName(state),
    completed,
    phase: `COMMAND_PHASE_${phase}`,
    tick: tick.toString(),
    message: outcome?.message,
    code: outcome?.code,
    result: outcome === undefined ? undefined : Buffer.from(outcome.result),
    resultContentType: outcome?.resultContentType,
    snapshotRef: outcome?.snapshotRef,
  };
}

/** @returns a function that tells the seconds since */
function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
