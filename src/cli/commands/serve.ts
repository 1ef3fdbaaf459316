import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { collectPairs } from '../option-values.ts';
import type { ServeFlags } from '../serve.ts';

export function defineServe(command: Command, host: CliHost): void {
  command
    .summary('run the daemon')
    .description(
      'Run the daemon until SIGINT or SIGTERM; workers get their grace, a second signal ends them at once. The log ' +
        'goes to stderr.',
    )
    .option('--config <file>', 'configuration, YAML or JSON (default: the config/shoal.yaml that comes with Shoal)')
    .option(
      '--set <path=value>',
      'one value over file and environment, such as logging.level=debug; may be repeated',
      collectPairs,
    )
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('../serve.ts');
      await serve(host, flags);
    });
}
