import { z } from 'zod';
import { checkLaunchTexts } from '../../domain/supervision/launch-texts.ts';
import type { LaunchSpec } from '../../plugin/plugin.ts';
import { askAll } from './plugin-problem.ts';
import { checkShape } from './shape-check.ts';

const launchShape = z.strictObject({
  executable: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  cwd: z.string().min(1).optional(),
});

/**
 * Checks what `launch` answered.
 *
 * @param token of the worker to be launched
 * @throws PluginProblem that names what is wrong
 */
export function checkLaunchSpec(answer: unknown, token: string): asserts answer is LaunchSpec {
  checkShape('launch-shape', launchShape, answer, 'launch()');
  const { executable, args = [], env = {} } = answer as LaunchSpec;
  askAll({
    'launch-texts': () => checkLaunchTexts({ executable, args, env }),
    'launch-variables': () => checkVariables(env),
    'launch-token': () => checkSecrecy([executable, ...args], token),
  });
}

function checkVariables(env: Readonly<Record<string, string>>): void {
  const overridden = Object.keys(env).find((name) => name.startsWith('SHOAL_'));
  if (overridden !== undefined)
    throw new Error(`env.${overridden}: names that begin with SHOAL_ are set by Shoal alone`);
}

/** The command line of a process is there for every user of the machine to read; its environment is not. */
function checkSecrecy(commandLine: readonly string[], token: string): void {
  if (commandLine.some((text) => text.includes(token)))
    throw new Error(
      "args: the worker's token must not stand on its command line; workers have it in SHOAL_WORKER_TOKEN",
    );
}
