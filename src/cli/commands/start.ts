import { type Command, Option } from 'commander';
import { printable } from '../../adapters/yaml/config-path.ts';
import { nearest } from '../../adapters/yaml/suggestion.ts';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { durationMessage } from '../duration-message.ts';
import { EXIT } from '../exit-code.ts';
import { note } from '../note.ts';
import { collectPairs, durationValue, restartsValue, uint64Value } from '../option-values.ts';
import { RESTART_POLICIES, type RestartPolicyFlag, restartOverride } from '../restart-override.ts';
import { type Session, withSession } from '../session.ts';
import { parseState, stateLabel } from '../simulation-text.ts';

interface StartFlags {
  readonly id?: string;
  readonly seed?: string;
  readonly config?: string;
  readonly set?: readonly [string, string][];
  readonly label?: readonly [string, string][];
  readonly paused?: true;
  readonly wait?: true;
  readonly timeout?: number;
  readonly requestId?: string;
  readonly maxRunTime?: number;
  readonly restart?: RestartPolicyFlag;
  readonly maxRestarts?: number;
}

export function defineStart(command: Command, host: CliHost): void {
  command
    .summary('start a simulation')
    .description('Start a simulation and print its id.')
    .argument('<type>', 'worker type, as `shoal plugins` lists them')
    .option('--id <id>', 'id of the simulation (default: generated)')
    .option('--seed <number>', 'seed of the run', uint64Value)
    .option('--config <file>', 'configuration of the run, YAML or JSON; - is stdin')
    .option('--set <key=value>', 'one value of the configuration, over the file; may be repeated', collectPairs)
    .option('--label <key=value>', 'label to select it by; may be repeated', collectPairs)
    .option('--paused', 'hold at tick 0 until resume or step')
    .option('--wait', 'wait until it runs; a launch that fails ends with 1')
    .option('--timeout <duration>', 'with --wait: give up after this time, with 124', durationValue)
    .option('--max-run-time <duration>', 'stop the run when it has taken so long', durationValue)
    .addOption(
      new Option(
        '--restart <policy>',
        'restart its worker: never, on-failure or always (default: as its type says)',
      ).choices(RESTART_POLICIES),
    )
    .option('--max-restarts <number>', 'restarts within the window of its type before it has failed', restartsValue)
    .option('--request-id <id>', 'makes a retry safe: the same id starts one simulation only')
    .action((type: string, flags: StartFlags) => withSession(host, command, (session) => start(session, type, flags)));
}

async function start(session: Session, workerType: string, flags: StartFlags): Promise<void> {
  const { host, client } = session;
  if (flags.timeout !== undefined && flags.wait !== true)
    throw new CliError(EXIT.usage, '--timeout is of use only with --wait; add --wait, or leave it out');
  const { readRunConfig } = await import('../run-config.ts');
  const config = await readRunConfig(host, flags.config, flags.set);
  const answer = await client
    .call('StartSimulation', {
      workerType,
      simulationId: flags.id,
      labels: Object.fromEntries(flags.label ?? []),
      startPaused: flags.paused === true,
      requestId: flags.requestId,
      ...(config === undefined ? {} : { config }),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(flags.maxRunTime === undefined ? {} : { maxRunTime: durationMessage(flags.maxRunTime) }),
      restart: restartOverride(flags.restart, flags.maxRestarts),
    })
    .catch((thrown) => explain(session, workerType, thrown));
  const id = answer.message.simulation?.simulationId ?? '';
  if (flags.wait !== true) return session.print({ text: () => printable(id), json: answer.json });
  const settled = await untilUp(session, id, flags.timeout);
  await session.print({ text: () => printable(id), json: settled.json });
  const { state = '', reason = '', message = '' } = settled.message.simulation ?? {};
  if (parseState(state) === 'FAILED')
    throw new CliError(EXIT.failed, printable(`${id} failed: ${message} (${reason})`));
  note(host, `${id} is ${stateLabel(state)}`);
}

/** Of a mistyped worker type: which one was probably meant. */
async function explain({ client }: Session, workerType: string, thrown: unknown): Promise<never> {
  if (!(thrown instanceof CliError) || thrown.reason !== 'WORKER_TYPE_UNKNOWN') throw thrown;
  const { message } = await client.call('ListWorkerTypes', {});
  const near = nearest(
    workerType,
    message.workerTypes.map(({ name }) => name),
  );
  if (near === undefined) throw thrown;
  const { exitCode, reason, cause } = thrown;
  throw new CliError(exitCode, thrown.message, { hint: `(Did you mean ${printable(near)}?)`, reason, cause });
}

/** Until the worker has registered, or the run is over. */
async function untilUp(session: Session, simulationId: string, timeoutMs: number | undefined) {
  const late = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => late.abort(), timeoutMs);
  try {
    await Promise.race([isUp(session, simulationId), aborted(late.signal)]);
  } finally {
    clearTimeout(timer);
  }
  const answer = await session.client.call('GetSimulationStatus', { simulationId });
  if (late.signal.aborted) {
    const state = stateLabel(answer.message.simulation?.state ?? '');
    throw new CliError(EXIT.timedOut, `${simulationId} is still ${state} after ${timeoutMs} ms; it goes on`);
  }
  return answer;
}

async function isUp({ client }: Session, simulationId: string): Promise<void> {
  for await (const { message } of client.stream('WatchSimulations', { simulationIds: [simulationId] })) {
    const state = parseState(message.simulation?.state ?? '');
    if (state === 'RUNNING' || state === 'PAUSED' || (state !== undefined && isFinal(state))) return;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
