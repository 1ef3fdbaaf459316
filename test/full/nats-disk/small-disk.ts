import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BLOCK = 4_096;

export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Somebody else fills it up, but for so many bytes. */
  fill(freeBytes: number): Promise<void>;
  /** What somebody else has put there goes. */
  free(): Promise<void>;
}

/** A file system in memory of a few MiB. @throws Error that says what is needed */
export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-small-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  } catch (cause) {
    await rm(folder, { recursive: true });
    const why = 'this test mounts a small disk; run it as root, or set SHOAL_TEST_UNPRIVILEGED=1 to leave it out';
    throw new Error(why, { cause });
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill(freeBytes) {
      const { bavail, bsize } = await statfs(folder);
      const ours = Buffer.alloc(Math.max(0, bavail * bsize - freeBytes - BLOCK));
      await writeFile(ballast, ours).catch((error: NodeJS.ErrnoException) => {
        // Who writes beside us was faster: it is full all the same.
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    free: () => rm(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
