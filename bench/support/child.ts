import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What this process has started and what has not ended: a bench that ends early leaves nothing behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill('SIGTERM');
    // The daemon needs a moment to end the workers that it launched.
    // biome-ignore lint/nursery/noProcessExit: interrupted, whatever is still awaited
    setTimeout(() => process.exit(130), running.size === 0 ? 0 : ENDING_GRACE_MS);
  });
}

const ENDING_GRACE_MS = 3_000;

export interface StartOptions {
  readonly args: readonly string[];
  readonly stdio: NonNullable<SpawnOptions['stdio']>;
}

/** Starts a program that ends with this one. */
export function startChild(executable: string, { args, stdio }: StartOptions): ChildProcess {
  const child = spawn(executable, [...args], { stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs a TypeScript program as Shoal's own are run; its stdin is open for as long as this process lives. */
export function startNode(file: URL, args: readonly string[]): ChildProcess {
  const stdio: StartOptions['stdio'] = ['pipe', 'pipe', 'inherit'];
  return startChild(process.execPath, { args: ['-C', 'source', fileURLToPath(file), ...args], stdio });
}

/** The first line that a program prints: where it listens, or that it is ready. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('its output is not piped');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

/** SIGTERM, and SIGKILL when it has not ended within the grace. */
export async function endChild(child: ChildProcess, graceMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

/** Runs a program whose last line of output is JSON, and reads that. @throws Error when it fails; stderr says why */
export async function runForJson<Result>(file: URL, args: readonly string[]): Promise<Result> {
  const child = startNode(file, args);
  let last = '';
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      last = line;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file.pathname} exited with ${code}`);
  return JSON.parse(last) as Result;
}
