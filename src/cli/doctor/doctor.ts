import { ConfigInvalidError, formatProblem } from '../../adapters/yaml/config-problem.ts';
import { type LoadedConfig, loadConfig } from '../../adapters/yaml/load-config.ts';
import type { CliHost } from '../cli-host.ts';
import { examineDataFolder } from './data-folder.ts';
import { type Finding, fail, ok } from './finding.ts';
import { examineListeners } from './listeners.ts';
import { examineMessaging, examineNatsServer } from './messaging.ts';
import { examineReadiness } from './readiness.ts';
import { examineNode, examineOpenFiles, examineProc } from './system.ts';
import { examineWorkerTypes } from './worker-types.ts';

/** Looks at this machine with the eyes of the daemon that would run with this configuration; leaves nothing behind. */
export async function examine(
  host: Pick<CliHost, 'environment' | 'interrupts'>,
  file: string | undefined,
): Promise<Finding[]> {
  const machine = [examineNode(process.version), examineProc()];
  const loaded = load(file, host.environment);
  // What it says of the rest would be of another configuration than the one that is meant.
  if (loaded instanceof ConfigInvalidError) {
    const natsServer = await examineNatsServer(host, { isNeeded: false });
    return [...machine, natsServer, ...loaded.problems.map(asFinding)];
  }
  const { config } = loaded;
  const { signal } = host.interrupts;
  const isNeeded = config.messaging.adapter === 'nats' && config.messaging.nats.managed;
  const [natsServer, ...asked] = await Promise.all([
    examineNatsServer(host, { isNeeded }),
    examineDataFolder(config.dataDir),
    examineListeners(config, signal),
    examineMessaging(config, signal),
    examineReadiness(config.http.listen, signal),
    examineWorkerTypes(loaded, host.environment),
  ]);
  const valid = ok('configuration', `${loaded.file} is valid`);
  return [...machine, natsServer, examineOpenFiles(config), valid, ...asked.flat()];
}

function load(file: string | undefined, environment: CliHost['environment']): LoadedConfig | ConfigInvalidError {
  try {
    return loadConfig({ file, environment });
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) return thrown;
    throw thrown;
  }
}

function asFinding(problem: ConfigInvalidError['problems'][number]): Finding {
  const [message = '', ...cures] = formatProblem(problem).split('; ');
  return fail('configuration', message, cures.join('; '));
}
