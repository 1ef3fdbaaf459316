import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Unpacks Debian packages without installing them. The package lists, where the machine has none, are private too. */
export async function unpackDebianPackages(names: readonly string[], folder: string): Promise<void> {
  const debs = join(folder, 'debs');
  await mkdir(debs, { recursive: true });
  try {
    await run('apt-get', ['download', ...names], { cwd: debs, timeout: 120_000 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('there is no apt-get here');
    await downloadPrivately(names, debs);
  }
  const archives = (await readdir(debs)).filter((name) => name.endsWith('.deb'));
  if (archives.length !== names.length) throw new Error(`apt-get download left ${archives.length} packages`);
  for (const archive of archives) await run('dpkg-deb', ['-x', join(debs, archive), folder], { timeout: 120_000 });
  await rm(debs, { recursive: true, force: true });
}

async function downloadPrivately(names: readonly string[], folder: string): Promise<void> {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const privately = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await run('apt-get', [...privately, 'update'], { cwd: folder, timeout: 120_000 });
  await run('apt-get', [...privately, 'download', ...names], { cwd: folder, timeout: 120_000 });
}
