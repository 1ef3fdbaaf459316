import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Finding, fail, ok } from './finding.ts';

const NAME = 'data_dir';
const CURE = 'mend that, or set data_dir to another folder';

/** Whether the daemon can keep its files in this folder, or make it where it is not there yet; tried, since permissions are not all that counts. */
export async function examineDataFolder(dataDir: string): Promise<Finding> {
  for (let folder = dataDir; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error) {
      if (found.code === 'ENOENT' && folder !== dirname(folder)) continue;
      return fail(NAME, `${folder} cannot be looked at (${found.code})`, CURE);
    }
    if (!found.isDirectory()) return fail(NAME, `${folder} is no folder`, CURE);
    const refusal = await refusalToWrite(folder);
    if (refusal !== undefined) return fail(NAME, `${folder} may not be written by this user (${refusal})`, CURE);
    return ok(NAME, folder === dataDir ? `${dataDir} can be written` : `${dataDir} can be made`);
  }
}

async function refusalToWrite(folder: string): Promise<string | undefined> {
  try {
    await rmdir(await mkdtemp(join(folder, '.shoal-doctor-')));
    return undefined;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code ?? String(thrown);
  }
}
