import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
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
    .allowExcessArguments()
    .action(async (flags: ServeFlags) => {
      const [file] = command.args;
      if (file !== undefined) {
        throw new CliError(
          EXIT.usage,
          `serve takes no argument ${JSON.stringify(file)}; name a configuration by --config`,
        );
      }
      const { serve } = await import('../serve.ts');
      await serve(host, flags);
    });
}
