import type { PluginRule } from './plugin-rules.ts';

/** One thing that is wrong with a plugin. */
export interface PluginFault {
  readonly rule: PluginRule;
  /** Says what to do. */
  readonly message: string;
}

/** Why a worker type is unavailable, or a launch impossible: all that is wrong in one stage. Never leaves the adapter. */
export class PluginProblem extends Error {
  override readonly name = 'PluginProblem';
  readonly faults: readonly PluginFault[];

  /** @param cause what the plugin threw, for the log */
  constructor(faults: readonly PluginFault[], cause?: unknown) {
    super(faults.map(({ message }) => message).join('; '), cause === undefined ? undefined : { cause });
    this.faults = faults;
  }
}

/** @param cause what the plugin threw, for the log */
export function pluginProblem(rule: PluginRule, message: string, cause?: unknown): PluginProblem {
  return new PluginProblem([{ rule, message }], cause);
}

/**
 * Asks all rules of one stage; each throws when it is broken.
 *
 * @throws PluginProblem with everything that is wrong
 */
export function askAll(rules: Readonly<Partial<Record<PluginRule, () => void>>>): void {
  const faults = Object.entries(rules).flatMap(([rule, ask]) => {
    try {
      ask();
      return [];
    } catch (err) {
      return [{ rule: rule as PluginRule, message: messageOf(err) }];
    }
  });
  if (faults.length > 0) throw new PluginProblem(faults);
}

const MAX_MESSAGE_LENGTH = 500;

/** The message of whatever a plugin threw, in one bounded line. */
export function messageOf(thrown: unknown): string {
  let text: string;
  try {
    text = thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown);
  } catch {
    text = 'something that cannot be shown';
  }
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
