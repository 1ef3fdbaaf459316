import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mustRun, runProgram } from '../run-program.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CACHE = join(ROOT, '.cache');
const ENVIRONMENT = join(CACHE, 'python-venv');
/** What the environment was made of: where it differs, it is made again. */
const RECORD = join(ENVIRONMENT, 'shoal-made-of');

/** The oldest that examples/python takes. */
const OLDEST = [3, 11] as const;
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
const ADVICE = `these tests need Python ${OLDEST.join('.')} or later with venv: Debian: apt-get install python3-venv; else https://www.python.org/downloads/`;
const INSTALL_TIMEOUT_MS = 900_000;

/**
 * The interpreter of a virtual environment with examples/python and all that it needs, in `.cache/python-venv`, which
 * is made where it is missing and made anew where it is out of date. Several test files may ask at once.
 *
 * @throws Error that says what to install
 */
export async function pythonEnvironment(): Promise<string> {
  const interpreter = await findPython();
  const made = await madeOf(interpreter);
  await mkdir(CACHE, { recursive: true });
  await using _lock = await lockFor(join(CACHE, 'python-venv.lock'));
  const python = join(ENVIRONMENT, 'bin', 'python');
  if ((await readIfThere(RECORD)) === made) return python;
  console.log(`installing examples/python into ${ENVIRONMENT}`);
  const options = { cwd: ROOT, timeoutMs: INSTALL_TIMEOUT_MS };
  if ((await versionOf(python)) !== (await versionOf(interpreter))) {
    await mustRun(interpreter, ['-m', 'venv', '--clear', ENVIRONMENT], options).catch((cause: Error) => {
      throw new Error(`${ADVICE}; ${cause.message}`, { cause });
    });
  }
  await mustRun(python, ['-m', 'pip', 'install', '--quiet', '--editable', 'examples/python[all,test]'], options);
  await writeFile(RECORD, made);
  return python;
}

async function findPython(): Promise<string> {
  const old: string[] = [];
  for (const name of CANDIDATES) {
    const version = await versionOf(name);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return name;
    old.push(`${name} is ${version}`);
  }
  throw new Error([ADVICE, ...old].join('; '));
}

async function versionOf(name: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProgram(name, ['--version'], { cwd: ROOT });
    return exitCode === 0 ? /^Python (\S+)/.exec(stdout)?.[1] : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The sources are linked and not copied: only what the installation reads counts. */
async function madeOf(interpreter: string): Promise<string> {
  const hash = createHash('sha256').update((await versionOf(interpreter)) ?? '');
  const sources = ['examples/python/pyproject.toml', 'examples/python/setup.py'];
  for await (const proto of glob('proto/fes/**/*.proto', { cwd: ROOT })) sources.push(proto);
  for (const source of sources.toSorted()) hash.update(source).update(await readFile(join(ROOT, source)));
  return hash.digest('hex');
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}

/** Held by one process at a time; a holder that is gone has no claim. */
async function lockFor(file: string): Promise<AsyncDisposable> {
  const deadlineMs = performance.now() + INSTALL_TIMEOUT_MS;
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readIfThere(file));
    if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
    else if (performance.now() > deadlineMs) throw new Error(`${file} is held by process ${holder}; remove it`);
    else await delay(100);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
