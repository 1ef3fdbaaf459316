import { pinoLog } from '../adapters/pino/pino-log.ts';
import { createConfigSource, loadConfig } from '../adapters/yaml/load-config.ts';
import { Daemon } from '../app/daemon.ts';
import { CliError } from './cli-error.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT } from './exit-code.ts';
import { readSettings } from './run-config.ts';

export interface ServeFlags {
  readonly config?: string;
  readonly set?: readonly [string, string][];
}

/**
 * Runs the daemon until it is told to stop, and its workers are gone.
 *
 * @throws CliError when it could not run, or did not end well: what was to be written may not all be written
 */
export async function serve(host: CliHost, flags: ServeFlags): Promise<void> {
  const loaded = loadConfig({
    file: flags.config,
    environment: host.environment,
    overrides: readSettings(flags.set ?? []),
  });
  const log = pinoLog(loaded.config.logging);
  const daemon = new Daemon(createConfigSource(loaded), loaded.config.baseDirectory, log);

  const ended = Promise.withResolvers<readonly string[]>();
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
  const starting = daemon.start().catch((thrown) => {
    // Told to stop before it was up: that is no failure of the start.
    if (asked === 0) throw thrown;
  });
  // A start that does not listen does not hold up the end.
  await Promise.race([starting, ended.promise]);
  const unfinished = await ended.promise;
  if (crashed) throw new CliError(EXIT.failed, '');
  // The workers were not given their time, at the user's wish.
  if (asked > 1) throw new CliError(EXIT.interrupted, '');
  if (unfinished.length > 0)
    throw new CliError(EXIT.failed, `stopped before these had finished: ${unfinished.join(', ')}`);
}
