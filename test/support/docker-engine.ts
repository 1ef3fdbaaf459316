import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unpackDebianPackages } from './debian-packages.ts';

const CACHE = fileURLToPath(new URL('../../.cache/docker-engine', import.meta.url));
const PACKAGES = ['docker.io', 'containerd', 'runc', 'tini', 'libdevmapper1.02.1'];
const START_TIMEOUT_MS = 60_000;

export interface DockerEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** For people. */
  readonly source: string;
}

/**
 * The engine that answers on this machine, or Debian's, unpacked and not installed, with all its data in a temporary folder.
 *
 * @throws Error that says why there is none
 */
export async function dockerEngine(): Promise<DockerEngine> {
  const present = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (!present.startsWith('unix://') || (await answers(present.slice('unix://'.length)))) {
    return { host: present, source: `running at ${present}`, [Symbol.asyncDispose]: async () => {} };
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(`no Docker engine answers at ${present}, and only root on Linux can bring one up`);
  }
  return ownEngine();
}

async function ownEngine(): Promise<DockerEngine> {
  if (!existsSync(CACHE)) {
    const scratch = `${CACHE}.${process.pid}`;
    await unpackDebianPackages(PACKAGES, scratch).catch((cause) => {
      throw new Error(`docker.io cannot be had from Debian: ${cause.message}`, { cause });
    });
    await rename(scratch, CACHE);
  }
  const folder = await mkdtemp(join(tmpdir(), 'shoal-docker-'));
  const socket = join(folder, 'docker.sock');
  const paths = [join(CACHE, 'usr/sbin'), join(CACHE, 'usr/bin'), process.env['PATH']].join(':');
  const libraries = [join(CACHE, 'usr/lib/x86_64-linux-gnu'), join(CACHE, 'lib/x86_64-linux-gnu')].join(':');
  const args = [
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
    // Published ports go through docker-proxy: nothing of the machine's packet filter is touched.
    ...['-H', `unix://${socket}`, '--iptables=false', '--ip6tables=false', '--storage-driver=vfs'],
  ];
  const engine = spawn(join(CACHE, 'usr/sbin/dockerd'), args, {
    env: { ...process.env, PATH: paths, LD_LIBRARY_PATH: libraries },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  engine.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2_000);
  });
  const end = async (): Promise<void> => {
    if (engine.exitCode === null && engine.signalCode === null) {
      const exited = once(engine, 'exit');
      engine.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  if (await comesUp(engine, socket)) {
    return { host: `unix://${socket}`, source: "Debian's docker.io, unpacked", [Symbol.asyncDispose]: end };
  }
  await end();
  throw new Error(`dockerd did not come up: ${output.trim().split('\n').slice(-3).join(' | ')}`);
}

async function comesUp(engine: ChildProcess, socket: string): Promise<boolean> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && engine.exitCode === null && engine.signalCode === null) {
    if (await answers(socket)) return true;
    await delay(100);
  }
  return false;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.write('GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n');
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) });
    return String(answer).includes(' 200 ');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
