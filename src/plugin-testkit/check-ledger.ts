import { messageOf, PluginProblem } from '../adapters/plugins/plugin-problem.ts';
import type { PluginRule } from '../adapters/plugins/plugin-rules.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';
import type { PluginReport } from './report.ts';

/** Collects what the checks find. One that was asked several times has passed when it passed each time. */
export class CheckLedger {
  readonly #skipped: ReadonlySet<CheckName>;
  /** The problem of each check that was asked; undefined where it passed. */
  readonly #problems = new Map<CheckName, string | undefined>();

  constructor(skipped: readonly CheckName[]) {
    this.#skipped = new Set(skipped);
  }

  /** Notes that a check was asked, and what is wrong, if anything is. */
  note(name: CheckName, problem?: string): void {
    const known = this.#problems.get(name);
    if (!this.#skipped.has(name)) this.#problems.set(name, known ?? problem);
  }

  /**
   * Notes what the daemon found: everything up to the stage in which something was wrong was asked, and the rest was not.
   *
   * @param thrown what the daemon threw; absent: all is well
   * @param what stands in front of each problem
   */
  noteStages(stages: readonly (readonly PluginRule[])[], thrown?: unknown, what = ''): void {
    const faults = faultsOf(thrown, stages);
    for (const stage of stages) {
      const broken = faults.filter(({ rule }) => stage.includes(rule));
      for (const rule of stage) {
        const fault = broken.find((each) => each.rule === rule);
        this.note(rule, fault === undefined ? undefined : `${what}${fault.message}`);
      }
      if (broken.length > 0) return;
    }
  }

  failed(name: CheckName): boolean {
    return this.#problems.get(name) !== undefined;
  }

  report(plugin: string): PluginReport {
    const checks = CHECK_NAMES.filter((name) => this.#problems.has(name)).map((name) => {
      const problem = this.#problems.get(name);
      return { name, ok: problem === undefined, ...(problem === undefined ? {} : { problem }) };
    });
    const notRun = CHECK_NAMES.filter((name) => !this.#problems.has(name));
    return { plugin, ok: checks.every(({ ok }) => ok), checks, notRun };
  }
}

function faultsOf(thrown: unknown, stages: readonly (readonly PluginRule[])[]): PluginProblem['faults'] {
  if (thrown === undefined) return [];
  if (thrown instanceof PluginProblem) return thrown.faults;
  // Nothing that the rules foresee: the plugin's own members threw when they were looked at.
  return [{ rule: stages[0]?.[0] as PluginRule, message: messageOf(thrown) }];
}
