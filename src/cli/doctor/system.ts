import { readFileSync } from 'node:fs';
import type { ShoalConfig } from '../../domain/configuration.ts';
import { isAtLeast } from '../probes/version-order.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** As `src/main.ts` and `engines` in package.json say. */
const OLDEST_NODE = '22.13.0';

/** @param version as `process.version` */
export function examineNode(version: string): Finding {
  if (isAtLeast(version, OLDEST_NODE)) return ok('node', `${version} at ${process.execPath}`);
  return fail(
    'node',
    `${version} at ${process.execPath}`,
    `install Node.js 22.13 or newer: https://nodejs.org/download`,
  );
}

/** @param proc where proc(5) is mounted */
export function examineProc(proc = '/proc'): Finding {
  if (readOrEmpty(`${proc}/self/stat`) !== '') return ok('/proc', 'can be read');
  return warn(
    '/proc',
    'cannot be read',
    'mount it, or run on Linux: without it, what a killed daemon left running is not found, nor who holds a port',
  );
}

/** Two pipes and a connection for each worker, and a file or so. */
const FILES_PER_WORKER = 4;
/** Of the daemon itself, its clients and its NATS connection. */
const FILES_OF_ITS_OWN = 100;

/** @param limits the text of /proc/self/limits; Node has raised the soft limit to the hard one when it started */
export function examineOpenFiles(
  { workerTypes, limits: { maxSimulations } }: Pick<ShoalConfig, 'workerTypes' | 'limits'>,
  limits = readOrEmpty('/proc/self/limits'),
): Finding {
  const name = 'open files';
  const [, found] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  if (found === undefined) return warn(name, 'the limit cannot be read', 'look at `ulimit -n`');
  const asked = workerTypes.reduce((sum, type) => sum + type.limits.maxWorkers, 0);
  const workers = Math.min(asked, maxSimulations);
  const wanted = FILES_OF_ITS_OWN + FILES_PER_WORKER * workers;
  const message = `${found} at most`;
  if (found === 'unlimited' || Number(found) >= wanted) return ok(name, `${message}, enough for ${workers} workers`);
  return warn(
    name,
    `${message}; ${workers} workers at once may need ${wanted}`,
    `raise it (\`ulimit -n ${wanted}\`, LimitNOFILE= in a systemd unit), or lower limits.max_simulations`,
  );
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
