import { ShoalError } from '../domain/shoal-error.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { Check, Scene } from './check.ts';
import { CHECKS } from './checks/catalogue.ts';
import { firstRun } from './checks/first-run.ts';
import { Examination } from './examination.ts';
import { Finding, NotApplicable, NotPrepared } from './finding.ts';
import { Lab, type LabOptions } from './lab.ts';
import type { CheckResult, ConformanceReport } from './report.ts';

export interface ConformanceOptions extends LabOptions {
  /** Ids; absent: all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Workers that run at the same time. */
  readonly jobs: number;
  /** Aborted: nothing more is launched, and what runs is ended. */
  readonly signal: AbortSignal;
  onResult(result: CheckResult, done: number, total: number): void;
}

/** Of the worker's output, quoted with a failure. */
const OUTPUT_LINES = 10;

const NO_NATS_SERVER = 'there is no nats-server on this machine';

/**
 * Examines the workers of one type: launches them as a daemon does, plays its part, and looks at what they do.
 *
 * @throws ShoalError when no worker can be launched at all
 */
export async function examineWorkers(options: ConformanceOptions): Promise<ConformanceReport> {
  const lab = await Lab.open(options);
  const close = () => void lab.launcher.stop();
  options.signal.addEventListener('abort', close, { once: true });
  try {
    return await new Round(lab, options).run();
  } finally {
    options.signal.removeEventListener('abort', close);
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
    const hasRegistered = open.length === 0 || (await this.#firstRun(open.filter(({ scene }) => scene === firstRun)));
    const rest = open.filter(({ scene }) => scene !== firstRun);
    if (hasRegistered) await this.#runAll(scenesOf(rest));
    else for (const check of rest) this.#conclude(check, 'not_run', 'no worker registered; see registers-in-time');
    const checks = this.#checks.flatMap(({ id }) => this.#results.get(id) ?? []);
    return { workerType: type.config.name, checks };
  }

  #leftOut(check: Check, type: WorkerType): boolean {
    const { command, transport } = check.needs ?? {};
    const allowed = type.config.commandTransport;
    if (command !== undefined && !type.commands.has(command)) {
      this.#conclude(check, 'not_applicable', `the worker type does not declare ${command}`);
    } else if (transport !== undefined && allowed !== 'auto' && allowed !== transport) {
      this.#conclude(check, 'not_applicable', `the worker type hears commands over ${allowed} alone`);
    } else if ((transport === 'nats' || allowed === 'nats') && this.#options.natsServer === undefined) {
      this.#conclude(check, 'not_run', NO_NATS_SERVER);
    } else return false;
    return true;
  }

  /** Shows whether workers can be launched at all, so that this is told once. @returns whether one registered */
  async #firstRun(checks: readonly Check[]): Promise<boolean> {
    const examination = await Examination.launch(this.#lab, firstRun.setting);
    try {
      if (checks.length > 0) await firstRun.play?.(examination);
      else await examination.whether(() => examination.record.registrations.length > 0, examination.registerWithinMs);
      for (const check of checks) await this.#judge(check, examination);
      return examination.record.registrations.length > 0;
    } finally {
      await examination.end();
    }
  }

  async #runAll(scenes: ReadonlyMap<Scene, readonly Check[]>): Promise<void> {
    const waiting = [...scenes];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (this.#options.signal.aborted) return;
        await this.#scene(...next);
      }
    };
    await Promise.all(Array.from({ length: this.#options.jobs }, worker));
  }

  async #scene(scene: Scene, checks: readonly Check[]): Promise<void> {
    const startedMs = performance.now();
    let examination: Examination | undefined;
    try {
      examination = await Examination.launch(this.#lab, scene.setting);
      await scene.play?.(examination);
      for (const check of checks) await this.#judge(check, examination, startedMs);
    } catch (err) {
      for (const check of checks) this.#note(check, err, startedMs, examination);
    } finally {
      await examination?.end();
    }
  }

  async #judge(check: Check, examination: Examination, startedMs = performance.now()): Promise<void> {
    try {
      await check.run(examination);
      this.#conclude(check, 'passed', '', { durationMs: performance.now() - startedMs });
    } catch (err) {
      this.#note(check, err, startedMs, examination);
    }
  }

  #note(check: Check, thrown: unknown, startedMs: number, examination: Examination | undefined): void {
    const durationMs = performance.now() - startedMs;
    if (thrown instanceof NotApplicable) this.#conclude(check, 'not_applicable', thrown.message, { durationMs });
    else if (thrown instanceof NotPrepared) this.#conclude(check, 'not_run', thrown.message, { durationMs });
    else if (thrown instanceof Finding) {
      const { seen, expected } = thrown;
      const output = examination?.lastLines(OUTPUT_LINES) ?? [];
      this.#conclude(check, 'failed', seen, { expected, fix: check.fix, output, durationMs });
    } else if (thrown instanceof ShoalError) this.#conclude(check, 'not_run', thrown.message, { durationMs });
    else throw thrown;
  }

  #conclude(
    { id, section, title }: Check,
    outcome: CheckResult['outcome'],
    seen: string,
    more: Partial<CheckResult> = {},
  ): void {
    // What ends because we are asked to end is no verdict.
    if (this.#options.signal.aborted) return;
    const durationMs = Math.round(more.durationMs ?? 0);
    const result = { expected: '', fix: '', output: [], ...more, id, section, title, outcome, seen, durationMs };
    this.#results.set(id, result);
    this.#options.onResult(result, this.#results.size, this.#checks.length);
  }
}

/** @throws ShoalError for a type of which nothing can be asked */
function demandExaminable({ registers, acknowledges, config }: WorkerType): void {
  if (registers && acknowledges) return;
  const what = registers ? 'do not acknowledge commands' : 'know nothing of Shoal (`register: none`)';
  throw new ShoalError('CAPABILITY_UNSUPPORTED', `workers of type ${config.name} ${what}: there is nothing to examine`);
}

function scenesOf(checks: readonly Check[]): Map<Scene, Check[]> {
  return Map.groupBy(checks, ({ scene }) => scene);
}
