import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { unpackDebianPackages } from './debian-packages.ts';

const run = promisify(execFile);

/** A current release; the Debian package covers an old one. */
const VERSION = '2.15.2';

export async function fetchByApt(folder: string): Promise<string> {
  await unpackDebianPackages(['nats-server'], folder);
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
export async function fetchByContainer(folder: string, image = `nats:${VERSION}-alpine`): Promise<string> {
  if (process.platform !== 'linux') throw new Error('the image holds an executable for Linux only');
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
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
