import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseSimulationId, type SimulationId } from '../../domain/ids.ts';
import type { SnapshotFiles, WantedSnapshot } from '../../ports/snapshot-files.ts';

/** A file under such a name is being written still. */
const UNFINISHED = /^\.|\.(tmp|part)$/;

/** Keeps the snapshots of each simulation in `<dataDir>/snapshots/<simulationId>/`, which only the user that runs Shoal can enter. */
export class KeptSnapshots implements SnapshotFiles {
  readonly #root: string;

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'snapshots');
  }

  async prepare(id: SimulationId, isFirst: boolean): Promise<string> {
    if (isFirst) await this.remove(id);
    const folder = this.#folder(id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  async find(id: SimulationId, { ref, sinceMs = 0 }: WantedSnapshot): Promise<string | undefined> {
    const folder = this.#folder(id);
    if (ref !== undefined && ref !== '') {
      const named = resolve(folder, ref);
      if (await isFile(named)) return named;
    }
    return newestFile(folder, sinceMs);
  }

  async remove(id: SimulationId): Promise<void> {
    await rm(this.#folder(id), { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  }

  /** Parsed once more: a path is built from it, and a wrong one would remove another's files. */
  #folder(id: SimulationId): string {
    return join(this.#root, parseSimulationId(id));
  }
}

async function newestFile(folder: string, sinceMs: number): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  let newest: { readonly path: string; readonly atMs: number } | undefined;
  for (const name of names.filter((each) => !UNFINISHED.test(each))) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.size === 0 || found.mtimeMs < sinceMs) continue;
    if (newest === undefined || found.mtimeMs > newest.atMs) newest = { path, atMs: found.mtimeMs };
  }
  return newest?.path;
}

/** What a link points to counts: a worker may acknowledge one, or a file that it keeps elsewhere. */
function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
