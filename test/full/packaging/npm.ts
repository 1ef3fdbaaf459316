import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../../..');
export const runTool = promisify(execFile);

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs npm as a stranger would. @returns what it printed. @throws Error with all of it when it failed */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const { stdout } = await runTool('npm', [...args, ...quiet], { cwd, env: ownEnvironment(), timeout: 120_000 });
  return stdout;
}

/** What npm and vitest told this process is not meant for the processes of a stranger. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** What is not in the tarballs comes from npm's cache, or from its registry; no script of a package is run. */
export async function install(folder: string, ...args: readonly string[]): Promise<void> {
  await npm(folder, 'install', '--prefer-offline', '--ignore-scripts', ...args);
}

export function runNode(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return finished(runTool(process.execPath, args, { cwd, env: ownEnvironment(), timeout: 60_000 }));
}

async function finished(running: Promise<{ stdout: string; stderr: string }>): Promise<Finished> {
  try {
    return { exitCode: 0, ...(await running) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}
