import { randomBytes } from 'node:crypto';
import { access, chmod, constants, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, parseWorkerId, type WorkerId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { RunConfiguration, RunFiles, WorkerFiles } from '../../ports/run-files.ts';

/** Keeps each worker's files in `<dataDir>/run/<workerId>/`, which only the user that runs Shoal can enter. */
export class PrivateRunFiles implements RunFiles, ManagedPart {
  readonly name = 'run files';
  readonly #root: string;

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'run');
  }

  /** @throws ShoalError CONFIG_INVALID when the folder cannot be made or written to */
  async start(): Promise<void> {
    try {
      await mkdir(this.#root, { recursive: true, mode: 0o700 });
      await access(this.#root, constants.W_OK);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ShoalError('CONFIG_INVALID', `data_dir: cannot write to ${this.#root}: ${why}`, { cause });
    }
  }

  async stop(): Promise<void> {}

  async prepare(workerId: WorkerId, configuration: RunConfiguration, keptSnapshots?: string): Promise<WorkerFiles> {
    const folder = this.folderOf(workerId);
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    await ownFolder(folder);
    const snapshotDir = keptSnapshots ?? join(folder, 'snapshots');
    if (keptSnapshots === undefined) await ownFolder(snapshotDir);
    const configFile = join(folder, isJson(configuration.contentType) ? 'config.json' : 'config');
    // Written beside and renamed: a worker that looks early sees the whole file or none. `wx` never writes through a link.
    const unfinished = join(folder, `.config-${randomBytes(6).toString('hex')}`);
    await writeFile(unfinished, configuration.bytes, { mode: 0o600, flag: 'wx' });
    await rename(unfinished, configFile);
    return { configFile, snapshotDir };
  }

  async remove(workerId: WorkerId): Promise<void> {
    const folder = this.folderOf(workerId);
    try {
      await removeTree(folder);
    } catch (err) {
      if (!isForbidden(err)) throw err;
      await openFolders(folder);
      await removeTree(folder);
    }
  }

  async leftovers(): Promise<readonly WorkerId[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch((err: NodeJS.ErrnoException) => {
      if (err.code === 'ENOENT') return [];
      throw err;
    });
    return entries.filter((entry) => entry.isDirectory() && isId(entry.name)).map(({ name }) => parseWorkerId(name));
  }

  /** Parsed once more: a path is built from it, and a wrong one would remove another's files. */
  folderOf(workerId: string): string {
    return join(this.#root, parseWorkerId(workerId));
  }
}

/** `rm` removes links, not what they point to. Retried: a worker may be writing as it ends. */
function removeTree(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}

async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((err: NodeJS.ErrnoException) => {
    if (err.code !== 'EEXIST') throw err;
  });
  const found = await lstat(folder);
  if (!found.isDirectory())
    throw new ShoalError('INVARIANT_BROKEN', `${folder} is not a folder of Shoal's own; remove it`);
}

/** A worker may have left folders without write permission (a package cache, say): opens those, and only those, that are real. */
async function openFolders(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}

function isForbidden(err: unknown): boolean {
  const code = (err as NodeJS.ErrnoException).code;
  return code === 'EACCES' || code === 'EPERM';
}

function isJson(contentType: string): boolean {
  return /^application\/(json|[^;]+\+json)\s*(;|$)/i.test(contentType);
}
