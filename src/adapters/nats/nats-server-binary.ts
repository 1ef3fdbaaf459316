import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ShoalError } from '../../domain/shoal-error.ts';

/** How to get a nats-server, for people. */
export const HOW_TO_GET_NATS_SERVER = `Get one, then try again:
  apt-get install nats-server                            Debian, Ubuntu
  brew install nats-server                               macOS
  go install github.com/nats-io/nats-server/v2@latest    with Go
  https://nats.io/download                               everything else
or set NATS_SERVER_BIN to an executable that is somewhere else.`;

export interface NatsServerBinary {
  readonly path: string;
  /** Where it was found, for people: `NATS_SERVER_BIN`, `PATH`. */
  readonly source: string;
}

/**
 * Looks for a nats-server on this machine: the environment's NATS_SERVER_BIN, then its PATH.
 *
 * @returns undefined when there is none
 * @throws ShoalError CONFIG_INVALID when NATS_SERVER_BIN is set and cannot be executed: somebody meant it
 */
export function lookUpNatsServer(
  environment: Readonly<Record<string, string | undefined>>,
): NatsServerBinary | undefined {
  const { NATS_SERVER_BIN: named, PATH: searchPath = '' } = environment;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return { path: named, source: 'NATS_SERVER_BIN' };
    throw new ShoalError('CONFIG_INVALID', `NATS_SERVER_BIN: ${named} is no executable file; correct it or unset it`);
  }
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, 'nats-server')).find(isExecutable);
  return path === undefined ? undefined : { path, source: 'PATH' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
