/**
 * Adds to package-lock.json the packages for other platforms (`@scope/name-darwin-arm64`, …) that npm left out, because
 * the registry that it asked does not have them, or not yet. `npm ci` refuses a lock file without them, on any platform.
 *
 *   node scripts/complete-lock.mjs           adds them, after `npm install`
 *   node scripts/complete-lock.mjs --check   fails and names them
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => ({ name, version, dev })),
);

if (missing.length > 0 && process.argv.includes('--check')) {
  const names = missing.map(({ name, version }) => `  ${name}@${version}`).join('\n');
  console.error(`npm ci refuses package-lock.json without these; run node scripts/complete-lock.mjs\n${names}`);
  process.exitCode = 1;
} else if (missing.length > 0) {
  for (const pkg of missing) lock.packages[`node_modules/${pkg.name}`] = entry(pkg);
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`${missing.length} packages added`);
}

function isLocked(path, name) {
  return `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

/** What the package's name says; the registry knows no more of what it does not have. npm adds the checksum when it can. */
function entry({ name, version, dev }) {
  const os = /android|darwin|freebsd|linux|openharmony|win32/.exec(name)?.[0];
  const cpu = /arm64|aarch64|arm|ia32|ppc64|riscv64|s390x|x64/.exec(name)?.[0].replace('aarch64', 'arm64');
  if (!/^\d/.test(version) || os === undefined || cpu === undefined)
    throw new Error(`cannot tell what ${name}@${version} is for: update the package that wants it`);
  const libc = os === 'linux' ? /musl|gnu/.exec(name)?.[0].replace('gnu', 'glibc') : undefined;
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc: [libc] }), optional: true, os: [os] };
}
