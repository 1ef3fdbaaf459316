import { type Command, InvalidArgumentError } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { durationValue } from '../option-values.ts';

interface DemoFlags {
  readonly nats?: boolean;
  readonly for?: number;
}

const DEFAULT_MS = 20_000;
/** Less is no time for what it shows. */
const MIN_MS = 2_000;

export function defineDemo(command: Command, host: CliHost): void {
  command
    .summary('show what Shoal does')
    .description(
      'Run a daemon and three schools of fish for a little while, give them a few commands, and stop again. It uses ' +
        'free ports and a temporary folder, and leaves nothing behind.',
    )
    .option('--nats', 'over a real NATS server, found by $NATS_SERVER_BIN or in PATH (default: in memory)')
    .option('--for <duration>', 'how long the schools swim (default: 20s)', lengthValue)
    .action(async ({ nats = false, for: lengthMs = DEFAULT_MS }: DemoFlags) => {
      const { Demo } = await import('../demo/demo.ts');
      await new Demo(host, { nats, lengthMs }).run();
    });
}

function lengthValue(text: string): number {
  const ms = durationValue(text);
  if (ms < MIN_MS) throw new InvalidArgumentError('Expected at least 2s.');
  return ms;
}
