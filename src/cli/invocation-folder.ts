import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../adapters/grpc/proto-loading.ts';

/** The script of package.json that is this command. */
const SCRIPT = 'shoal';

/**
 * npm runs a script in the folder of its package.json, and tells in INIT_CWD where it was called. `npm run -s shoal` is a
 * way to type `shoal`, and so a relative path means what it means in the caller's folder. A script of another package that
 * calls `shoal` means its own folder, as everything in it does.
 *
 * @returns undefined where the working directory is right as it is
 */
export function invocationFolder(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { npm_lifecycle_event: script, npm_package_json: manifest, INIT_CWD: folder } = environment;
  const isOurs = script === SCRIPT && manifest === join(packageRoot(), 'package.json');
  return isOurs && folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Goes there, so that paths are read, and named in messages, as they were typed. */
export function enterInvocationFolder(environment: Readonly<Record<string, string | undefined>>): void {
  const folder = invocationFolder(environment);
  if (folder !== undefined) process.chdir(folder);
}
