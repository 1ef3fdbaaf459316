import type { Command } from 'commander';
import type { ControlSimulationRequest } from '../../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { CliHost } from '../cli-host.ts';
import { control } from '../control.ts';
import { durationMessage } from '../duration-message.ts';
import { collectPairs, durationValue, uint64Value } from '../option-values.ts';
import { withSession } from '../session.ts';

/** Of every control command. */
interface ControlFlags {
  readonly timeout?: number;
  readonly wait: boolean;
}

interface ResetFlags extends ControlFlags {
  readonly seed?: string;
  readonly config?: string;
  readonly set?: readonly [string, string][];
}

interface StopFlags extends ControlFlags {
  readonly force?: true;
  readonly grace?: number;
}

export function definePause(command: Command, host: CliHost): void {
  command.summary('pause simulations').description('Hold simulations between two ticks.');
  define<ControlFlags>(command, host, () => ({ pause: {} }));
}

export function defineResume(command: Command, host: CliHost): void {
  command.summary('resume paused simulations').description('Let paused simulations advance again.');
  define<ControlFlags>(command, host, () => ({ resume: {} }));
}

export function defineStep(command: Command, host: CliHost): void {
  command
    .summary('advance paused simulations')
    .description('Advance paused simulations by a number of ticks and hold again.')
    .option('--ticks <number>', 'how many ticks (default: 1)', uint64Value);
  define<ControlFlags & { ticks?: string }>(command, host, ({ ticks = '1' }) => ({ step: { ticks } }));
}

export function defineReset(command: Command, host: CliHost): void {
  command
    .summary('begin simulations again')
    .description('Begin simulations again at tick 0; they keep their state.')
    .option('--seed <number>', 'another seed (default: as before)', uint64Value)
    .option('--config <file>', 'another configuration, YAML or JSON; - is stdin (default: as before)')
    .option('--set <key=value>', 'one value of that configuration; may be repeated', collectPairs);
  define<ResetFlags>(command, host, async ({ seed, config: file, set }) => {
    const { readRunConfig } = await import('../run-config.ts');
    const config = await readRunConfig(host, file, set);
    return { reset: { ...(seed === undefined ? {} : { seed }), ...(config === undefined ? {} : { config }) } };
  });
}

export function defineStop(command: Command, host: CliHost): void {
  command
    .summary('end simulations')
    .description('End simulations: the stop command, after the grace a signal, after another grace SIGKILL.')
    .option('--force', 'kill the worker and all its processes at once')
    .option('--grace <duration>', 'how long to wait before each harder step (default: as configured)', durationValue);
  define<StopFlags>(command, host, ({ force, grace }) => ({
    stop: { force: force === true, ...(grace === undefined ? {} : { grace: durationMessage(grace) }) },
  }));
}

function define<Flags extends ControlFlags>(
  command: Command,
  host: CliHost,
  toCommand: (flags: Flags) => ControlSimulationRequest | Promise<ControlSimulationRequest>,
): void {
  command
    .argument('<id...>', 'ids of the simulations')
    .option('--timeout <duration>', 'give up waiting after this time, with 124 (default: as configured)', durationValue)
    .option('--no-wait', 'do not wait until the worker has done it')
    .action((ids: string[], flags: Flags) =>
      withSession(host, command, async (session) => {
        const { timeout, wait } = flags;
        await control(session, {
          name: command.name(),
          ids: [...new Set(ids)],
          command: await toCommand(flags),
          wait,
          ...(timeout === undefined ? {} : { timeoutMs: timeout }),
        });
      }),
    );
}
