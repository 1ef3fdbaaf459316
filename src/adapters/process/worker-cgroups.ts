import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';

const PREFIX = 'shoal-worker-';

/** A killed process counts until the kernel has taken it apart: together 2 s. */
const REMOVE_ATTEMPTS = 200;
const REMOVE_PAUSE_MS = 10;

/**
 * A cgroup for each worker, where this daemon may make some below its own (cgroup v2, Linux 5.14): nothing that a worker
 * starts gets out of it, whatever session or environment it gives itself. Elsewhere nothing happens here, and process group
 * and marker do what they can.
 */
export class WorkerCgroups {
  readonly #log: Log;
  readonly #proc: string;
  #own: string | false | undefined;

  constructor(log: Log, proc = '/proc') {
    this.#log = log;
    this.#proc = proc;
  }

  /** @returns a descriptor of the list of its processes, which the caller closes; undefined where there are no cgroups */
  make(workerId: string): number | undefined {
    this.#own ??= this.#find();
    if (this.#own === false) return undefined;
    try {
      mkdirSync(this.#folder(workerId), { recursive: true });
      return openSync(join(this.#folder(workerId), 'cgroup.procs'), 'w');
    } catch (err) {
      this.#log.warn({ err, workerId }, 'a worker gets no cgroup');
      return undefined;
    }
  }

  /**
   * Moves a process that runs already, with what it has started: what it starts from now on is in the cgroup anyway. Only what
   * was let go of by the one that started it, within the first millisecond, stays outside.
   */
  join(list: number, pid: number): void {
    try {
      writeSync(list, String(pid));
      for (const child of this.#childrenOf(pid)) this.join(list, child);
    } catch (err) {
      // It has ended meanwhile.
      if ((err as NodeJS.ErrnoException).code !== 'ESRCH') this.#log.warn({ err, pid }, 'a process gets no cgroup');
    }
  }

  /** Ends all that is in the worker's cgroup, at once. @returns false where there is none */
  kill(workerId: string): boolean {
    this.#own ??= this.#find();
    if (this.#own === false) return false;
    try {
      writeFileSync(join(this.#folder(workerId), 'cgroup.kill'), '1', { flag: 'r+' });
      return true;
    } catch {
      return false;
    }
  }

  /** All in it has been killed: resolves when it is gone, which is when the last has ended. */
  async remove(workerId: string): Promise<void> {
    if (this.#own === undefined || this.#own === false) return;
    for (let attempt = 0; !this.#tryRemove(workerId); attempt++) {
      if (attempt === REMOVE_ATTEMPTS) return this.#log.warn({ workerId }, 'a cgroup is left: not all in it has ended');
      await new Promise((resolve) => setTimeout(resolve, REMOVE_PAUSE_MS));
    }
  }

  #tryRemove(workerId: string): boolean {
    try {
      removeTree(this.#folder(workerId));
      return true;
    } catch (err) {
      return (err as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  #childrenOf(pid: number): number[] {
    try {
      return readdirSync(`${this.#proc}/${pid}/task`)
        .flatMap((thread) => readFileSync(`${this.#proc}/${pid}/task/${thread}/children`, 'latin1').split(' '))
        .map(Number)
        .filter((child) => child > 0);
    } catch {
      return [];
    }
  }

  #folder(workerId: string): string {
    return join(this.#own || '', `${PREFIX}${workerId}`);
  }

  /** Our own cgroup, when cgroups can be made in it and ended as a whole. */
  #find(): string | false {
    try {
      const path = /^0::(.*)$/m.exec(readFileSync(`${this.#proc}/self/cgroup`, 'utf8'))?.[1];
      const mount = mountPoint(readFileSync(`${this.#proc}/self/mountinfo`, 'utf8'));
      if (path === undefined || mount === undefined) return false;
      const own = join(mount, path);
      const probe = join(own, `${PREFIX}probe-${process.pid}`);
      mkdirSync(probe);
      const canKill = existsSync(join(probe, 'cgroup.kill'));
      rmdirSync(probe);
      // Moving a process needs the right to write the list of the cgroup from which it comes.
      closeSync(openSync(join(own, 'cgroup.procs'), 'r+'));
      this.#log.debug({ own, canKill }, 'cgroups of workers');
      return canKill ? own : false;
    } catch (err) {
      this.#log.debug({ reason: String(err) }, 'no cgroups for workers here');
      return false;
    }
  }
}

function mountPoint(mountinfo: string): string | undefined {
  const lines = mountinfo.split('\n').map((line) => line.split(' - '));
  const found = lines.find(([, source]) => source?.startsWith('cgroup2 '));
  // Of one that is a part of the tree (a container's), `path` is as seen from inside already.
  return found?.[0]?.split(' ')[4];
}

/** A cgroup is removed from its leaves up; its files go with it. */
function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}
