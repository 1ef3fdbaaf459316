import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What `process.env` is, as a value. */
export type Environment = Readonly<Record<string, string | undefined>> & {
  readonly HOME?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
};

/**
 * Where the daemon keeps its files when `data_dir` is left out. A relative XDG folder is ignored, as its standard asks.
 * Undefined for a user without a home: a folder that anybody can guess and create first is no substitute.
 */
export function defaultDataDir(environment: Environment): string | undefined {
  const state = environment.XDG_STATE_HOME;
  if (state !== undefined && isAbsolute(state)) return join(state, 'shoal');
  const home = [environment.HOME, accountHome()].find((folder) => folder !== undefined && isAbsolute(folder));
  return home === undefined ? undefined : join(home, '.local', 'state', 'shoal');
}

function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // A container may run as a user id that has no account.
    return undefined;
  }
}
