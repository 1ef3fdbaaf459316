import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** The process that listens on a TCP port, e.g. `node (pid 4711)`; undefined where /proc does not tell. */
export function portHolder(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of entries('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of entries(`/proc/${pid}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      if (inode !== undefined && inodes.has(inode)) return `${programOf(pid)} (pid ${pid})`;
    }
  }
  return 'a process of another user';
}

/** Its argv[0]; `comm` would be the name of a thread. */
function programOf(pid: string): string {
  const [program = ''] = read(`/proc/${pid}/cmdline`).split('\0');
  return program.split('/').at(-1) || 'a process';
}

/** Rows of proc(5)'s net/tcp: `sl local_address rem_address st … inode`, addresses in hex. */
function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return read(table)
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(wanted) && state === LISTENING)
    .flatMap((columns) => columns[9] ?? []);
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
