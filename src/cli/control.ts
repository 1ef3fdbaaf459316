import type { JsonValue } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { ControlResult } from '../adapters/grpc/generated/fes/orchestration/v1/ControlResult.ts';
import type { ControlSimulationRequest } from '../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationResponse.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { CliError, toCliError } from './cli-error.ts';
import { durationMessage } from './duration-message.ts';
import { EXIT } from './exit-code.ts';
import { note } from './note.ts';
import type { Session } from './session.ts';
import { parseState, stateLabel } from './simulation-text.ts';
import { stateStyle } from './style.ts';
import { formatTable } from './table.ts';

export interface Control {
  /** As the user called it. */
  readonly name: string;
  /** Empty with `label`. */
  readonly ids: readonly string[];
  /** A selector, in place of ids: one command to all that run and have these labels. */
  readonly label?: string;
  /** With the one command set. */
  readonly command: ControlSimulationRequest;
  readonly wait: boolean;
  /** Absent: as the daemon is configured. */
  readonly timeoutMs?: number;
}

/** Beyond the time that the daemon waits: it is the one to say what became of the command. */
const MARGIN_MS = 5_000;

interface Outcome {
  readonly id: string;
  readonly response?: ControlSimulationResponseOutput;
  readonly failure?: CliError;
}

/**
 * Gives one command to several simulations at once. What worked is printed, also when something did not.
 *
 * @throws CliError with the exit code of the failures when they agree, else 1
 */
export async function control(session: Session, request: Control): Promise<void> {
  const { label } = request;
  const outcomes =
    label === undefined
      ? await Promise.all(request.ids.map((id) => controlOne(session, request, id)))
      : await controlSelected(session, request, label);
  if (outcomes.length === 0) note(session.host, `no simulation that runs has the labels ${label}`);
  if (session.host.interrupts.signal.aborted) throw new CliError(EXIT.interrupted, '');
  const done = outcomes.flatMap(({ response, id }) => (response === undefined ? [] : [{ id, response }]));
  await session.print({
    text: () => (done.length === 0 ? '' : table(session, done)),
    json: () => resultsJson(outcomes),
    items: async () => ((await resultsJson(outcomes)) as { results: [] }).results,
  });
  const failures = outcomes.flatMap(({ id, failure }) => (failure === undefined ? [] : [{ id, failure }]));
  if (failures.length === 0) return;
  const codes = new Set(failures.map(({ failure }) => failure.exitCode));
  const [first] = failures;
  // One daemon that is not there is said once.
  if (codes.has(EXIT.unreachable) && first !== undefined) throw first.failure;
  for (const { id, failure } of failures) note(session.host, `${request.name} ${id}: ${failure.message}`);
  throw new CliError(codes.size === 1 ? (first?.failure.exitCode ?? EXIT.failed) : EXIT.failed, '');
}

async function controlOne({ client }: Session, request: Control, id: string): Promise<Outcome> {
  const { command, wait, timeoutMs } = request;
  try {
    const { message: response } = await client.call(
      'ControlSimulation',
      {
        ...command,
        simulationId: id,
        waitForCompletion: wait,
        ...(timeoutMs === undefined ? {} : { timeout: durationMessage(timeoutMs) }),
      },
      { timeoutMs: timeoutMs === undefined ? Number.POSITIVE_INFINITY : timeoutMs + MARGIN_MS },
    );
    return answered(id, response);
  } catch (thrown) {
    return { id, failure: toCliError(thrown) };
  }
}

async function controlSelected({ client }: Session, request: Control, labelSelector: string): Promise<Outcome[]> {
  const { command, timeoutMs } = request;
  const { message } = await client.call(
    'ControlSimulations',
    {
      labelSelector,
      template: { ...command, ...(timeoutMs === undefined ? {} : { timeout: durationMessage(timeoutMs) }) },
    },
    { timeoutMs: timeoutMs === undefined ? Number.POSITIVE_INFINITY : timeoutMs + MARGIN_MS },
  );
  return message.results.map(({ simulationId: id, response, code, message: text }) => {
    if (code === 0 && response !== null) return answered(id, response);
    const exitCode = code === status.DEADLINE_EXCEEDED ? EXIT.timedOut : EXIT.failed;
    return { id, failure: new CliError(exitCode, text, { cause: { code } }) };
  });
}

function answered(id: string, response: ControlSimulationResponseOutput): Outcome {
  if (response.code === 0) return { id, response };
  const failure = new CliError(EXIT.failed, `the worker refused: ${response.message || `code ${response.code}`}`);
  return { id, response, failure };
}

function table({ style }: Session, done: readonly { id: string; response: ControlSimulationResponseOutput }[]): string {
  return formatTable(
    style,
    [
      { title: 'ID', of: ({ id }) => id },
      {
        title: 'STATE',
        of: ({ response }) => stateLabel(response.state),
        style: (text, { response }) => stateStyle(style, parseState(response.state))(text),
      },
      { title: 'TICK', of: ({ response }) => response.tick, align: 'right' },
      { title: 'COMMAND', of: ({ response }) => response.phase.replace('COMMAND_PHASE_', '').toLowerCase() },
    ],
    done,
  );
}

async function resultsJson(outcomes: readonly Outcome[]): Promise<JsonValue> {
  const { ControlSimulationsResponse } = loadProtos().tree.fes.orchestration.v1;
  const { protoJson } = await import('./proto-json.ts');
  const bytes = ControlSimulationsResponse.serialize({ results: outcomes.map(resultOf) });
  return protoJson('fes.orchestration.v1.ControlSimulationsResponse', bytes);
}

function resultOf({ id, response, failure }: Outcome): ControlResult {
  const result: ControlResult = { simulationId: id };
  if (response !== undefined) return { ...result, response };
  return { ...result, code: grpcCode(failure), message: failure?.message };
}

/** google.rpc.Code, UNKNOWN for what is no failed call. */
function grpcCode(failure: CliError | undefined): number {
  const { code } = (failure?.cause ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : 2;
}
