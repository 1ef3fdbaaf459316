import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { printable } from '../../adapters/yaml/config-path.ts';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import { CliError } from '../cli-error.ts';
import { type CliHost, note } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { collectPairs, durationValue, uint64Value } from '../option-values.ts';
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
}

/** Until WatchSimulations is built. */
const POLL_MS = 50;

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
    .option('--request-id <id>', 'makes a retry safe: the same id starts one simulation only')
    .action((type: string, flags: StartFlags) => withSession(host, command, (session) => start(session, type, flags)));
}

async function start(session: Session, workerType: string, flags: StartFlags): Promise<void> {
  const { host, client } = session;
  const { readRunConfig } = await import('../run-config.ts');
  const config = await readRunConfig(host, flags.config, flags.set);
  const answer = await client.call('StartSimulation', {
    workerType,
    simulationId: flags.id,
    labels: Object.fromEntries(flags.label ?? []),
    startPaused: flags.paused === true,
    requestId: flags.requestId,
    ...(config === undefined ? {} : { config }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  });
  const id = answer.message.simulation?.simulationId ?? '';
  if (flags.wait !== true) return session.print({ text: () => id, json: answer.json });
  const settled = await untilUp(session, id, flags.timeout);
  await session.print({ text: () => id, json: settled.json });
  const { state = '', reason = '', message = '' } = settled.message.simulation ?? {};
  if (parseState(state) === 'FAILED')
    throw new CliError(EXIT.failed, `${id} failed: ${printable(message)} (${reason})`);
  note(host, `${id} is ${stateLabel(state)}`);
}

/** Until the worker has registered, or the run is over. */
async function untilUp({ client, host }: Session, simulationId: string, timeoutMs = Number.POSITIVE_INFINITY) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await client.call('GetSimulationStatus', { simulationId });
    const state = parseState(answer.message.simulation?.state ?? '');
    if (state === 'RUNNING' || state === 'PAUSED' || (state !== undefined && isFinal(state))) return answer;
    if (performance.now() > deadline) {
      throw new CliError(EXIT.timedOut, `${simulationId} is still ${state} after ${timeoutMs} ms; it goes on`);
    }
    await delay(POLL_MS, undefined, { signal: host.interrupts.signal });
  }
}
