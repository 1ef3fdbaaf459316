import type { Command } from 'commander';
import { pinoLog } from '../../adapters/pino/pino-log.ts';
import { createConfigSource, loadConfig } from '../../adapters/yaml/load-config.ts';
import { CliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { collectPairs } from '../option-values.ts';
import { settingValue } from '../run-config.ts';

interface ServeFlags {
  readonly config?: string;
  readonly set?: readonly [string, string][];
}

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
    .action((flags: ServeFlags) => serve(host, flags));
}

async function serve(host: CliHost, flags: ServeFlags): Promise<void> {
  const overrides = Object.fromEntries(
    (flags.set ?? []).map(([path, text]) => [path, settingValue(text, `--set ${path}`)]),
  );
  const loaded = loadConfig({ file: flags.config, environment: host.environment, overrides });
  const log = pinoLog(loaded.config.logging);
  const { Daemon } = await import('../../app/daemon.ts');
  const daemon = new Daemon(createConfigSource(loaded), loaded.config.baseDirectory, log);

  const ended = Promise.withResolvers<void>();
  let asked = 0;
  let crashed = false;
  const stop = (): void => {
    asked += 1;
    daemon.stop().then(ended.resolve, ended.reject);
  };
  host.interrupts.takeOver({
    interrupted(signal) {
      log.info({ signal }, 'told to stop');
      stop();
    },
    crashed(err) {
      log.error({ err }, 'uncaught error');
      if (!crashed) stop();
      crashed = true;
    },
  });
  try {
    await daemon.start();
  } catch (thrown) {
    // Told to stop before it was up: that is no failure of the start.
    if (asked === 0) throw thrown;
  }
  await ended.promise;
  if (crashed) throw new CliError(EXIT.failed, '');
  // The workers were not given their time, at the user's wish.
  if (asked > 1) throw new CliError(EXIT.interrupted, '');
}
