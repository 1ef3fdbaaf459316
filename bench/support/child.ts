import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What this process has started and what has not ended: a bench that ends early leaves nothing behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM');
    // The daemon needs a moment to end the workers that it launched.
    // biome-ignore lint/nursery/noProcessExit: interrupted, whatever is still awaited
    setTimeout(() => process.exit(130), ENDING_GRACE_MS);
  });
}

const ENDING_GRACE_MS = 3_000;

export interface StartOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `ignore` for stdin, `pipe` for the others. */
  readonly stdio?: SpawnOptions['stdio'];
}

/** Starts a program that ends with this one. */
export function startChild(executable: string, { args, env = {}, stdio }: StartOptions): ChildProcess {
  const child = spawn(executable, [...args], {
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs a TypeScript program as Shoal's own are run. */
export function startNode(file: URL, args: readonly string[], options: Omit<StartOptions, 'args'> = {}): ChildProcess {
  return startChild(process.execPath, { args: ['-C', 'source', file.pathname, ...args], ...options });
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

/** Runs a program whose last line of output is JSON, and reads that. @throws Error with what it said on stderr */
export async function runForJson<Result>(file: URL, args: readonly string[]): Promise<Result> {
  const child = startNode(file, args);
  let last = '';
  let said = '';
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      last = line;
    });
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file.pathname} exited with ${code}: ${said}`);
  return JSON.parse(last) as Result;
}
