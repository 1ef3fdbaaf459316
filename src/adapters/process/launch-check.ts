import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { quote } from '../../domain/ids.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import { checkLaunchTexts } from '../../domain/supervision/launch-texts.ts';
import type { LaunchPlan } from '../../ports/worker-launcher.ts';

/** What the system takes when the environment has no PATH. */
const DEFAULT_PATH = '/usr/bin:/bin';

/** Linux refuses one argument of this size and more, whatever there is of memory. */
const MAX_ARGUMENT_BYTES = 131_072;

/**
 * Refuses what `spawn` would refuse, but tells the field: `spawn` reports a missing folder as a missing executable, and throws
 * for a NUL. Answers the path to start.
 *
 * @throws ShoalError INVALID_ARGUMENT that names `executable`, `cwd`, `args[n]` or `env.NAME`
 */
export async function checkPlan(plan: LaunchPlan): Promise<string> {
  checkLaunchTexts(plan);
  if (plan.cwd !== undefined) await checkFolder(plan.cwd);
  if (plan.executable.includes('/')) {
    const path = resolve(plan.cwd ?? '.', plan.executable);
    const fault = await executableFault(path);
    if (fault !== undefined) throw invalidArgument('executable', `${quote(plan.executable)} ${fault}`);
    return path;
  }
  const { PATH = DEFAULT_PATH } = plan.env;
  return lookUp(plan.executable, PATH);
}

/** Tells what `spawn` threw or emitted, after {@link checkPlan} found nothing. */
export function spawnError(thrown: unknown, plan: LaunchPlan): ShoalError {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE' || code === 'ENFILE') {
    return new ShoalError(
      'CAPACITY_EXHAUSTED',
      `the machine refuses another process (${code}); stop some simulations or raise its limits on processes, memory and open files`,
      { cause: thrown },
    );
  }
  const executable = quote(plan.executable);
  if (code === 'E2BIG') return tooLong(plan);
  if (code === 'ENOENT') {
    return invalidArgument(
      'executable',
      `${executable} is there, but the interpreter in its first line, or its loader, is not`,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return invalidArgument(
      'executable',
      `${executable} may not be executed here (${code}); its file system or its interpreter forbids it`,
    );
  }
  return invalidArgument('executable', `${executable} cannot be started (${code ?? String(thrown)})`);
}

async function checkFolder(cwd: string): Promise<void> {
  const found = await stat(cwd).catch((err: NodeJS.ErrnoException) => err);
  if (found instanceof Error) {
    throw invalidArgument(
      'cwd',
      `${quote(cwd)} ${found.code === 'ENOENT' ? 'does not exist; create it' : `cannot be used (${found.code})`}`,
    );
  }
  if (!found.isDirectory()) throw invalidArgument('cwd', `${quote(cwd)} is not a folder`);
  const enterable = await access(cwd, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!enterable) throw invalidArgument('cwd', `${quote(cwd)} may not be entered by the user that runs Shoal`);
}

async function lookUp(name: string, path: string): Promise<string> {
  if (name === '') throw invalidArgument('executable', 'must not be empty');
  let fault: string | undefined;
  for (const folder of path.split(delimiter)) {
    // An empty entry would mean the working directory: a trap, not a wish.
    if (folder === '') continue;
    const candidate = join(folder, name);
    const candidateFault = await executableFault(candidate);
    if (candidateFault === undefined) return candidate;
    if (candidateFault !== MISSING) fault ??= `${quote(candidate)} ${candidateFault}`;
  }
  throw invalidArgument(
    'executable',
    fault ??
      `${quote(name)} is in no folder of the worker's PATH (${path}); install it, or give its path, e.g. ./${name}`,
  );
}

const MISSING = 'does not exist';

async function executableFault(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((err: NodeJS.ErrnoException) => err);
  if (found instanceof Error) {
    return found.code === 'ENOENT' || found.code === 'ENOTDIR' ? MISSING : `cannot be read (${found.code})`;
  }
  if (!found.isFile()) return 'is not a file';
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return executable ? undefined : 'is not executable; chmod +x it';
}

function tooLong(plan: LaunchPlan): ShoalError {
  const at = plan.args.findIndex((arg) => Buffer.byteLength(arg) >= MAX_ARGUMENT_BYTES);
  if (at >= 0) return invalidArgument(`args[${at}]`, 'is longer than the system takes; pass it in a file');
  return invalidArgument(
    'args',
    'arguments and environment together are longer than the system takes; pass them in a file',
  );
}
