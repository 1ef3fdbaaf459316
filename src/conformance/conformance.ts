import { ShoalError } from '../domain/shoal-error.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { Check, Scene } from './check.ts';
import { CHECKS } from './checks/catalogue.ts';
import { firstRun } from './checks/first-run.ts';
import { Examination } from './examination.ts';
import { NotPrepared } from './finding.ts';
import { Lab, type LabOptions } from './lab.ts';
import type { CheckResult, ConformanceReport } from './report.ts';
import { judge, type Verdict, verdictOf } from './verdict.ts';

export interface ConformanceOptions extends LabOptions {
  /** Ids; absent: all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Workers that run at the same time. */
  readonly jobs: number;
  onResult(result: CheckResult, done: number, total: number): void;
}

/** The one check that a worker fails that never registers. */
const GATE = 'registers-in-time';

/**
 * Examines the workers of one type: launches them as a daemon does, plays its part, and looks at what they do.
 *
 * @throws ShoalError when no worker can be launched at all, or `signal` aborts before one is
 */
export async function examineWorkers(options: ConformanceOptions): Promise<ConformanceReport> {
  const lab = await Lab.open(options);
  try {
    return await new Round(lab, options).run();
  } finally {
    await lab.close();
  }
}

/** The checks of one type, on their way to results. */
class Round {
  readonly #lab: Lab;
  readonly #options: ConformanceOptions;
  readonly #checks: readonly Check[];
  readonly #results = new Map<string, CheckResult>();

  constructor(lab: Lab, options: ConformanceOptions) {
    const { only, skip = [] } = options;
    this.#lab = lab;
    this.#options = options;
    this.#checks = CHECKS.filter(({ id }) => (only === undefined || only.includes(id)) && !skip.includes(id));
  }

  async run(): Promise<ConformanceReport> {
    const type = await this.#lab.workerType({ grpcAddress: '127.0.0.1:1', natsUrls: [], orphanTimeoutMs: 1 });
    demandExaminable(type);
    type.checkRunConfig(this.#options.runConfig);
    const open = this.#checks.filter((check) => !this.#leftOut(check, type));
    if (open.length > 0) await this.#examine(open);
    const checks = this.#checks.flatMap(({ id }) => this.#results.get(id) ?? []);
    return { workerType: type.config.name, checks };
  }

  #leftOut(check: Check, type: WorkerType): boolean {
    const { commands = [], transport } = check.needs ?? {};
    const allowed = type.config.commandTransport;
    const missing = commands.filter((command) => !type.commands.has(command));
    const leaveOut = (outcome: Verdict['outcome'], seen: string) => this.#conclude(check, { outcome, seen });
    if (missing.length > 0) leaveOut('not_applicable', `the worker type does not declare ${missing.join(', ')}`);
    else if (transport !== undefined && allowed !== 'auto' && allowed !== transport)
      leaveOut('not_applicable', `the worker type hears commands over ${allowed} alone`);
    else if ((transport === 'nats' || allowed === 'nats') && this.#options.natsServer === undefined)
      leaveOut('not_run', 'there is no nats-server on this machine');
    else return false;
    return true;
  }

  /** The first run shows whether workers can be launched at all, so that this is told once, and whether they register. */
  async #examine(checks: readonly Check[]): Promise<void> {
    const examination = await this.#launched(firstRun, checks);
    if (examination === undefined) return;
    const ofFirstRun = checks.filter(({ scene }) => scene === firstRun);
    const { record, registerWithinMs } = examination;
    const hasRegistered = () => record.registrations.length > 0;
    await this.#played(examination, ofFirstRun, async () => {
      if (ofFirstRun.length > 0) await firstRun.play?.(examination);
      else await examination.whether(hasRegistered, registerWithinMs);
      return hasRegistered() ? await judgeAll(ofFirstRun, examination) : await judgeSilent(checks, examination);
    });
    const rest = checks.filter(({ id }) => !this.#results.has(id));
    await this.#runAll(Map.groupBy(rest, ({ scene }) => scene));
  }

  /** @throws ShoalError when it is the first one, which shows whether workers can be launched at all */
  async #launched(scene: Scene, checks: readonly Check[]): Promise<Examination | undefined> {
    try {
      return await Examination.launch(this.#lab, scene.setting);
    } catch (err) {
      if (scene === firstRun && err instanceof ShoalError) throw err;
      this.#tell(new Map(checks.map((check) => [check, verdictOf(check, err)])));
      return undefined;
    }
  }

  /** Every part is ended before this returns, whatever becomes of the others. */
  async #runAll(scenes: ReadonlyMap<Scene, readonly Check[]>): Promise<void> {
    const waiting = [...scenes];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (this.#options.signal.aborted) return;
        await this.#scene(...next);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: this.#options.jobs }, worker));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #scene(scene: Scene, checks: readonly Check[]): Promise<void> {
    const examination = await this.#launched(scene, checks);
    if (examination === undefined) return;
    await this.#played(examination, checks, async () => {
      await scene.play?.(examination);
      return await judgeAll(checks, examination);
    });
  }

  /** Plays with a worker until there are verdicts, and ends it. What goes wrong meanwhile is told of `checks` that have none. */
  async #played(
    examination: Examination,
    checks: readonly Check[],
    play: () => Promise<ReadonlyMap<Check, Verdict>>,
  ): Promise<void> {
    let verdicts: Map<Check, Verdict>;
    try {
      verdicts = new Map(await play());
    } catch (err) {
      verdicts = new Map(checks.map((check) => [check, verdictOf(check, err, examination)]));
    }
    try {
      await examination.end();
    } catch (err) {
      // Something of it is left: what was found stands, but nothing passes as if all were well.
      for (const [check, { outcome }] of verdicts)
        if (outcome === 'passed') verdicts.set(check, verdictOf(check, err, examination));
    }
    this.#tell(verdicts);
  }

  #tell(verdicts: ReadonlyMap<Check, Verdict>): void {
    for (const [check, verdict] of verdicts) this.#conclude(check, verdict);
  }

  #conclude({ id, section, title }: Check, verdict: Verdict): void {
    // What ends because we are asked to end is no verdict.
    if (this.#options.signal.aborted) return;
    const durationMs = Math.round(verdict.durationMs ?? 0);
    const result = { expected: '', fix: '', output: [], ...verdict, id, section, title, durationMs };
    this.#results.set(id, result);
    this.#options.onResult(result, this.#results.size, this.#checks.length);
  }
}

async function judgeAll(checks: readonly Check[], examination: Examination): Promise<Map<Check, Verdict>> {
  const verdicts = new Map<Check, Verdict>();
  for (const check of checks) verdicts.set(check, await judge(check, examination));
  return verdicts;
}

/** Of a worker that never registered: one check tells it, and the others have nothing to judge. */
async function judgeSilent(checks: readonly Check[], examination: Examination): Promise<Map<Check, Verdict>> {
  const verdicts = await judgeAll(
    checks.filter(({ id }) => id === GATE),
    examination,
  );
  const why = verdicts.size > 0 ? `; see ${GATE}` : `: ${examination.record.lately()}`;
  const notRun = new NotPrepared(`no worker registered${why}`);
  for (const check of checks) if (check.id !== GATE) verdicts.set(check, verdictOf(check, notRun, examination));
  return verdicts;
}

/** @throws ShoalError for a type of which nothing can be asked */
function demandExaminable({ registers, acknowledges, config }: WorkerType): void {
  if (registers && acknowledges) return;
  const what = registers ? 'do not acknowledge commands' : 'know nothing of Shoal (`register: none`)';
  throw new ShoalError('CAPABILITY_UNSUPPORTED', `workers of type ${config.name} ${what}: there is nothing to examine`);
}
