import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes, zombies aside, whose environment holds exactly this variable. */
export function processesWith(variable: string, value: string): number[] {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${variable}=${value}`))
    .filter((pid) => !/^\d+ \(.*\) Z/s.test(read(`/proc/${pid}/stat`)))
    .map(Number);
}

/** proc(5), net/tcp: `sl local_address rem_address st … inode`; 01 is ESTABLISHED. */
const ESTABLISHED = '01';

/** Whether a process is connected to a port of this machine. */
export function hasConnection(pid: number, address: string): boolean {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = read(`/proc/${pid}/net/tcp`)
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , to = '', state]) => to.endsWith(remote) && state === ESTABLISHED)
    .map((columns) => `socket:[${columns[9]}]`);
  return entries(`/proc/${pid}/fd`).some((descriptor) => inodes.includes(link(`/proc/${pid}/fd/${descriptor}`)));
}

function read(path: string): string {
  return attempt(() => readFileSync(path, 'utf8'), '');
}

function entries(path: string): string[] {
  return attempt(() => readdirSync(path), []);
}

function link(path: string): string {
  return attempt(() => readlinkSync(path), '');
}

/** Processes come and go while they are looked at, and not all may be looked at. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
