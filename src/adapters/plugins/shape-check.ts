import type { z } from 'zod';
import { messageOf, pluginProblem } from './plugin-problem.ts';
import type { PluginRule } from './plugin-rules.ts';

const MAX_FAULTS = 10;

/**
 * Holds what came from a plugin's code against a shape.
 *
 * @param what stands in front of the message, e.g. `describe()`
 * @throws PluginProblem under `rule`, which names what is missing or wrong
 */
export function checkShape(rule: PluginRule, shape: z.ZodType, value: unknown, what: string): void {
  const faults = faultsOf(shape, value);
  if (faults.length === 0) return;
  throw pluginProblem(rule, `${what} does not have the shape of the plugin API: ${faults.join('; ')}`);
}

function faultsOf(shape: z.ZodType, value: unknown): string[] {
  try {
    const { error } = shape.safeParse(value);
    return (error?.issues ?? []).slice(0, MAX_FAULTS).map(({ path, message }) => `${toPath(path)}${message}`);
  } catch (err) {
    // A getter of the plugin's own threw.
    return [messageOf(err)];
  }
}

function toPath(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
