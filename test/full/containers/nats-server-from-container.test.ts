import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { fetchByContainer } from '../../support/fetch-nats-server.ts';

const run = promisify(execFile);
const IMAGE = 'shoal-test/nats-server:local';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-image-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An image from scratch: the server of this machine where the official image has its own, and the libraries that it is linked to. */
async function buildImage(): Promise<void> {
  const context = join(folder, 'context');
  const rootFolder = join(context, 'root');
  const binary = join(rootFolder, 'usr/local/bin/nats-server');
  await mkdir(dirname(binary), { recursive: true });
  const { path } = inject('natsServer');
  await copyFile(path, binary);
  await chmod(binary, 0o755);
  for (const library of await librariesOf(path)) {
    await mkdir(dirname(join(rootFolder, library)), { recursive: true });
    await copyFile(library, join(rootFolder, library));
    await chmod(join(rootFolder, library), 0o755);
  }
  const lines = ['FROM scratch', 'COPY root /', 'ENTRYPOINT ["/usr/local/bin/nats-server"]'];
  await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
  await GenericContainer.fromDockerfile(context).build(IMAGE, { deleteOnExit: false });
}

/** None for one that is linked statically. */
async function librariesOf(path: string): Promise<string[]> {
  const { stdout } = await run('ldd', [path]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, library]) => library ?? []);
}

test('a nats-server can be had out of a container image, and runs', async () => {
  await buildImage();
  const target = join(folder, 'fetched');
  await mkdir(target);
  const fetched = await fetchByContainer(target, IMAGE);
  const { stdout } = await run(fetched, ['--version']);
  expect(stdout).toContain(inject('natsServer').version);
});
