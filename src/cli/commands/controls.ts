import type { Command } from 'commander';
import type { ControlSimulationRequest } from '../../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { control } from '../control.ts';
import { durationMessage } from '../duration-message.ts';
import { EXIT } from '../exit-code.ts';
import { collectPairs, collectTexts, durationValue, uint64Value } from '../option-values.ts';
import { withSession } from '../session.ts';

/** Of every control command. */
interface ControlFlags {
  readonly label?: readonly string[];
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
    .argument('[id...]', 'ids of the simulations')
    .option('--label <selector>', 'all that run with these labels, in place of ids; may be repeated', collectTexts)
    .option('--timeout <duration>', 'give up waiting after this time, with 124 (default: as configured)', durationValue)
    .option('--no-wait', 'do not wait until the worker has done it')
    .action((ids: string[], flags: Flags) => {
      const { label, timeout, wait } = flags;
      const name = command.name();
      if ((label !== undefined) === ids.length > 0) {
        throw new CliError(EXIT.usage, `${name} takes ids or --label; name one of them`);
      }
      if (label !== undefined && !wait) {
        throw new CliError(
          EXIT.usage,
          `${name} --label answers for all together, when the last has answered; leave out --no-wait`,
        );
      }
      return withSession(host, command, async (session) => {
        await control(session, {
          name,
          ids: [...new Set(ids)],
          command: await toCommand(flags),
          wait,
          ...(label === undefined ? {} : { label: label.join(',') }),
          ...(timeout === undefined ? {} : { timeoutMs: timeout }),
        });
      });
    });
}
