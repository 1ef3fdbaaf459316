import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** What the daemon and `shoal conformance` both do with a nats-server that they launch. */

/** A process group of its own: Ctrl-C must not end the server before those who use it. */
export function spawnNatsServer(
  executable: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(executable, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: environment });
}

export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** For people. */
export function howItEnded({ exitCode, signalCode }: ChildProcess): string {
  return `it ended with ${exitCode ?? signalCode}`;
}

/** In order; by force when that takes longer than `graceMs`, or at once when that is 0. One that was never launched is none to wait for. */
export async function endNatsServer(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(graceMs > 0 ? 'SIGTERM' : 'SIGKILL');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

/** Which it writes into a file named after its pid, in its `ports_file_dir`, once it listens; undefined before. */
export async function portOfNatsServer({ pid }: ChildProcess, folder: string): Promise<number | undefined> {
  const file = (await readdir(folder)).find((name) => name.endsWith(`_${pid}.ports`));
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  const [, port] = /"nats:\/\/[^"]*:(\d+)"/.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}
