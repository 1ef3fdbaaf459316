import { readdirSync, readFileSync } from 'node:fs';

/** One process, as `/proc/<pid>/stat` tells it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly processGroup: number;
  /** In clock ticks since boot: with the pid, it identifies a process until the next boot. */
  readonly startTime: number;
  /** Ended, but its parent has not noticed yet. */
  readonly zombie: boolean;
}

/** Linux counts start times in hundredths of a second on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * The processes of this machine. Without `/proc` (macOS) every question is answered by "not found": a worker then cannot be
 * recovered, and a grandchild that left the process group is not found.
 */
export class ProcessTable {
  readonly #root: string;
  #bootId: string | undefined;

  constructor(root = '/proc') {
    this.#root = root;
  }

  /** Undefined when there is no such process; a zombie is one. */
  find(pid: number): ProcessEntry | undefined {
    const text = this.#read(`${pid}/stat`);
    return text === undefined ? undefined : parseStat(pid, text);
  }

  pids(): number[] {
    try {
      return readdirSync(this.#root).map(Number).filter(Number.isInteger);
    } catch {
      return [];
    }
  }

  /** A variable of the environment that the process was started with; undefined also for a process of another user. */
  variable(pid: number, name: string): string | undefined {
    const environment = this.#read(`${pid}/environ`);
    const found = environment?.split('\0').find((entry) => entry.startsWith(`${name}=`));
    return found?.slice(name.length + 1);
  }

  /** The oldest leader of a process group for each value of a variable of its environment. */
  leadersBy(name: string): ReadonlyMap<string, ProcessEntry> {
    const leaders = new Map<string, ProcessEntry>();
    for (const pid of this.pids()) {
      const entry = this.find(pid);
      if (entry === undefined || entry.zombie || entry.processGroup !== pid) continue;
      const value = this.variable(pid, name);
      const oldest = value === undefined ? undefined : leaders.get(value);
      if (value !== undefined && (oldest === undefined || entry.startTime < oldest.startTime))
        leaders.set(value, entry);
    }
    return leaders;
  }

  /** Start times and pids mean nothing across boots. Empty without `/proc`. */
  bootId(): string {
    this.#bootId ??= this.#read('sys/kernel/random/boot_id')?.trim() ?? '';
    return this.#bootId;
  }

  ageMs(entry: ProcessEntry): number {
    const uptimeSeconds = Number.parseFloat(this.#read('uptime') ?? '');
    const ageMs = (uptimeSeconds - entry.startTime / TICKS_PER_SECOND) * 1000;
    return Number.isFinite(ageMs) ? Math.max(0, Math.round(ageMs)) : 0;
  }

  #read(path: string): string | undefined {
    try {
      return readFileSync(`${this.#root}/${path}`, 'latin1');
    } catch {
      return undefined;
    }
  }
}

/** The second field, the program's name, may hold spaces and parentheses: the fields are counted from its last one. */
function parseStat(pid: number, text: string): ProcessEntry | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , processGroup] = fields;
  const startTime = Number(fields[19]);
  if (state === undefined || processGroup === undefined || !Number.isFinite(startTime)) return undefined;
  return { pid, processGroup: Number(processGroup), startTime, zombie: state === 'Z' || state === 'X' };
}
