import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** Added to that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a minute. */
  readonly timeoutMs?: number;
}

/** Runs a program until it ends. @throws Error when it cannot be run, or is ended by a signal or its time */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 60_000 }: ProgramOptions,
): Promise<Finished> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  try {
    return { exitCode: 0, ...(await execute(program, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

/** @throws Error with all that it said when it ends with anything but 0. @returns what it printed */
export async function mustRun(program: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(program, args, options);
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

/** @throws Error that says what to install when the program is not in PATH */
export async function needProgram(program: string, advice: string): Promise<void> {
  try {
    await mustRun(program, ['--version'], { cwd: '.' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`these tests need ${program}, which is not in PATH: ${advice}`, { cause: error });
  }
}
