import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A current release; the Debian package covers an old one. */
const VERSION = '2.15.2';

/** Unpacks the Debian package without installing it. The package lists, where the machine has none, are private too. */
export async function fetchByApt(folder: string): Promise<string> {
  try {
    await run('apt-get', ['download', 'nats-server'], { cwd: folder, timeout: 60_000 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('there is no apt-get here');
    const lists = join(folder, 'lists');
    const cache = join(folder, 'cache');
    await mkdir(join(lists, 'partial'), { recursive: true });
    await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
    const privately = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
    await run('apt-get', [...privately, 'update'], { cwd: folder, timeout: 120_000 });
    await run('apt-get', [...privately, 'download', 'nats-server'], { cwd: folder, timeout: 60_000 });
  }
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download left no package');
  await run('dpkg-deb', ['-x', join(folder, archive), folder], { timeout: 60_000 });
  return join(folder, 'usr', 'sbin', 'nats-server');
}

export async function fetchByGo(folder: string): Promise<string> {
  const environment = { ...process.env, GOBIN: folder };
  try {
    await run('go', ['install', `github.com/nats-io/nats-server/v2@v${VERSION}`], {
      env: environment,
      timeout: 300_000,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('there is no go here');
    throw error;
  }
  return join(folder, 'nats-server');
}

/**
 * Takes the executable out of the official image: it is linked statically, and as a process of its own it can be
 * killed and restarted by the tests like any other.
 */
export async function fetchByContainer(folder: string): Promise<string> {
  if (process.platform !== 'linux') throw new Error('the image holds an executable for Linux only');
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(`nats:${VERSION}-alpine`)
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .withStartupTimeout(120_000)
    .start();
  try {
    const archive = join(folder, 'image.tar');
    await pipeline(await container.copyArchiveFromContainer('/usr/local/bin/nats-server'), createWriteStream(archive));
    await run('tar', ['-xf', archive, '-C', folder], { timeout: 60_000 });
  } finally {
    await container.stop();
  }
  const path = join(folder, 'nats-server');
  await chmod(path, 0o755);
  return path;
}
