import type { Log } from '../../ports/log.ts';
import type { ProcessIdentity } from './process-handle.ts';
import type { ProcessTable } from './process-table.ts';
import { signalGroup, signalProcess } from './signals.ts';
import type { WorkerCgroups } from './worker-cgroups.ts';

/** Shoal gives it to every worker, and what a worker starts inherits it, also when it leaves the process group. */
export const MARKER_VARIABLE = 'SHOAL_WORKER_ID';

/** Processes looked at between two turns of the event loop: about 2 ms. */
const SLICE = 64;

/** A killed process is seen for a moment longer; one in uninterruptible sleep for as long as it sleeps. */
const ROUND_PAUSE_MS = 10;
const GIVE_UP_AFTER_MS = 2_000;

interface Request {
  readonly identity: ProcessIdentity;
  /** Also what is in the group of the worker's pid; only while that pid cannot belong to somebody else. */
  readonly group: boolean;
  readonly deadlineMs: number;
  readonly done: () => void;
  /** Something of the worker is another user's: it made itself so, by a setuid program. */
  isForbidden: boolean;
}

/**
 * Ends with SIGKILL whatever a worker left running: its process group, and grandchildren that made a session of their own.
 *
 * One look at the process table serves all who asked before it began, for hundreds of workers may end at once.
 */
export class LeftoverSweep {
  readonly #table: ProcessTable;
  readonly #log: Log;
  readonly #cgroups: WorkerCgroups | undefined;
  #waiting: Request[] = [];
  #running = false;

  constructor(table: ProcessTable, log: Log, cgroups?: WorkerCgroups) {
    this.#table = table;
    this.#log = log;
    this.#cgroups = cgroups;
  }

  /**
   * Resolves when nothing of the worker runs any more; also after 2 s, with a warning in the log. The worker itself has ended.
   *
   * @param how `marked` when its pid may be another's by now: then only what carries the worker's id is ended
   */
  end(identity: ProcessIdentity, how: 'group' | 'marked'): Promise<void> {
    this.#cgroups?.kill(identity.workerId);
    return new Promise((done) => {
      const deadlineMs = performance.now() + GIVE_UP_AFTER_MS;
      this.#waiting.push({ identity, group: how === 'group', deadlineMs, done, isForbidden: false });
      if (!this.#running) void this.#run();
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const requests = this.#waiting;
      this.#waiting = [];
      if (await this.#round(requests)) await new Promise((resolve) => setTimeout(resolve, ROUND_PAUSE_MS));
    }
    this.#running = false;
  }

  /** @returns whether something was still alive */
  async #round(requests: readonly Request[]): Promise<boolean> {
    try {
      const unfinished = await this.#sweep(requests);
      for (const request of requests) this.#settle(request, unfinished.has(request));
      return unfinished.size > 0;
    } catch (err) {
      const workerIds = requests.map(({ identity }) => identity.workerId);
      this.#log.error({ err, workerIds }, 'what workers have left running cannot be looked for');
      for (const { done } of requests) done();
      return false;
    }
  }

  #settle(request: Request, unfinished: boolean): void {
    if (!unfinished) this.#finish(request);
    else if (performance.now() < request.deadlineMs) this.#waiting.push(request);
    else {
      const { identity, isForbidden, done } = request;
      const { workerId, pid } = identity;
      const why = isForbidden ? "is another user's and cannot be ended" : 'does not end';
      this.#log.warn({ workerId, pid }, `a process that the worker started ${why}`);
      done();
    }
  }

  #finish({ identity, done }: Request): void {
    if (this.#cgroups === undefined) done();
    else void this.#cgroups.remove(identity.workerId).then(done, done);
  }

  /** Looks at every process once; answers the requests for which one was still alive. */
  async #sweep(requests: readonly Request[]): Promise<Set<Request>> {
    const unfinished = new Set<Request>();
    const byGroup = new Map(
      requests.filter((request) => this.#ownsGroup(request)).map((each) => [each.identity.pid, each]),
    );
    const byWorker = new Map(requests.map((request) => [request.identity.workerId, request]));
    const oldest = Math.min(...requests.map(({ identity }) => identity.startTime));
    const pids = this.#table.pids();
    if (pids.length === 0) for (const request of requests) if (request.group) this.#killGroup(request);

    for (const [at, pid] of pids.entries()) {
      if (at % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve));
      const entry = this.#table.find(pid);
      if (entry === undefined || entry.zombie || entry.startTime < oldest || pid === process.pid) continue;
      const member = byGroup.get(entry.processGroup);
      if (member !== undefined) {
        this.#killGroup(member);
        unfinished.add(member);
        continue;
      }
      const marked = byWorker.get(this.#table.variable(pid, MARKER_VARIABLE) ?? '');
      if (marked !== undefined) {
        this.#kill(marked, () => signalProcess(pid, 'SIGKILL'));
        unfinished.add(marked);
      }
    }
    return unfinished;
  }

  #killGroup(request: Request): void {
    this.#kill(request, () => signalGroup(request.identity.pid, 'SIGKILL'));
  }

  #kill(request: Request, kill: () => void): void {
    try {
      kill();
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EPERM') throw err;
      request.isForbidden = true;
    }
  }

  /** A group keeps its number from being used again; a running process that has the number shows that the group is gone. */
  #ownsGroup({ identity, group }: Request): boolean {
    if (!group) return false;
    const leader = this.#table.find(identity.pid);
    return leader === undefined || leader.startTime === identity.startTime;
  }
}
