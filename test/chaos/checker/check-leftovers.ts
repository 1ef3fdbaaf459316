import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesMentioning } from '../../support/daemon/processes.ts';

/** What has the run's folder in its environment, as every worker has and all that it starts. A finding is a sentence. */
export function checkProcesses(folder: string): string[] {
  return processesMentioning(folder).map(
    (pid) => `process ${pid} is left: ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()}`,
  );
}

export function checkRunFolders(dataDir: string): string[] {
  const runs = join(dataDir, 'run');
  if (!existsSync(runs)) return [];
  return readdirSync(runs).map((name) => `the files of worker ${name} are left in ${runs}`);
}

/** Where workers get cgroups of their own. @param own default: that of this process, and so of the daemons that it starts */
export function checkCgroups(workerIds: readonly string[], own = ownCgroup()): string[] {
  if (own === undefined) return [];
  const left = readdirSync(own).filter((name) => workerIds.some((id) => name.endsWith(id)));
  return left.map((name) => `the cgroup ${join(own, name)} is left`);
}

/** Undefined on a machine without cgroups of version 2. */
function ownCgroup(): string | undefined {
  const path = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const mount = mounts.find((line) => line.includes(' - cgroup2 '))?.split(' ')[4];
  return path === undefined || mount === undefined ? undefined : join(mount, path);
}
