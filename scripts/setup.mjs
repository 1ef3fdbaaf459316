/**
 * Installs what package-lock.json names where it is missing or another version, so that `npm start` and `npm test` work
 * on a fresh clone. npm runs it before the other scripts, on the machine's own Node: plain JavaScript for Node 18 and later.
 *
 * Install scripts are not run but that of the package `node`, which brings the Node that the other scripts run on: the
 * others compile optional native code or check what the lock file says already.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, '.cache', 'setup.lock');
const projectNode = join(root, 'node_modules', '.bin', 'node');
const LOCK_WAIT_MS = 10 * 60_000;
const OLDEST_NODE = [22, 13];

try {
  if (!isReady()) withLock(makeReady);
} catch (error) {
  process.stderr.write(`shoal: ${error.message}\n`);
  process.exitCode = 1;
}

function isReady() {
  return arePackagesInstalled() && nodeProblem() === undefined;
}

/** npm writes the list of what it installed last of all: an install that was interrupted has none, or the old one. */
function arePackagesInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (wanted === undefined) throw new Error('package-lock.json is missing or no JSON: check it out again');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const installed = present[path];
    return installed === undefined ? optional === true : installed.version === version;
  });
}

function makeReady() {
  if (isReady()) return;
  process.stderr.write('shoal: installing what package-lock.json names (npm ci), once …\n');
  const startedMs = Date.now();
  if (!arePackagesInstalled()) npm('ci', '--ignore-scripts');
  if (!existsSync(projectNode)) npm('rebuild', 'node', '--ignore-scripts=false');
  const problem = nodeProblem();
  if (problem !== undefined) useOwnNode(problem);
  process.stderr.write(`shoal: installed in ${Math.round((Date.now() - startedMs) / 1000)} s\n`);
}

/** What is wrong with the Node that the other scripts would take, in words. */
function nodeProblem() {
  const path = existsSync(projectNode) ? projectNode : process.execPath;
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (error || !stdout) return `${path} does not run here: ${error ? error.message : 'it prints no version'}`;
  const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number);
  const recent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return recent ? undefined : `${path} is ${stdout.trim()}`;
}

/** Where the executable of the package does not run (another C library than glibc), the machine's Node may do. */
function useOwnNode(problem) {
  rmSync(projectNode, { force: true });
  const own = nodeProblem();
  if (own === undefined) return;
  throw new Error(`${problem}, and ${own}; Shoal needs Node ${OLDEST_NODE.join('.')} or later: install one in PATH`);
}

function npm(...args) {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--engine-strict=false'];
  // The npm that runs this script, where it is one; in production mode, too, the tools are needed.
  const [command, before] = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? [process.execPath, [process.env.npm_execpath]]
    : ['npm', []];
  const { status, error, stdout, stderr } = spawnSync(command, [...before, ...args, '--include=dev', ...quiet], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  throw new Error(`npm ${args.join(' ')} failed${advice(`${error?.message ?? ''}${stdout}${stderr}`)}`);
}

function advice(output) {
  const text = output.trim().split('\n').slice(0, 12).join('\n');
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.test(output))
    return `: the npm registry cannot be reached. It is needed once; behind a proxy or a mirror, set it in ~/.npmrc.\n${text}`;
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) return `: ${root} cannot be written.\n${text}`;
  if (/\bENOSPC\b/.test(output)) return `: the disk is full.\n${text}`;
  return `:\n${text}`;
}

/** Two commands on a fresh clone at once: the second one waits for the first. */
function withLock(work) {
  mkdirSync(dirname(lockFile), { recursive: true });
  const deadlineMs = Date.now() + LOCK_WAIT_MS;
  while (!tryLock()) {
    if (Date.now() > deadlineMs) throw new Error(`another install holds ${lockFile}: remove it if there is none`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function tryLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isStale()) rmSync(lockFile, { force: true });
    return false;
  }
}

function isStale() {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    // Its owner may be between creating and writing it.
    if (pid === 0) return Date.now() - statSync(lockFile).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
