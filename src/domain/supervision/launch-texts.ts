import type { LaunchPlan } from '../../ports/worker-launcher.ts';
import { quote } from '../ids.ts';
import { invalidArgument } from '../shoal-error.ts';

/**
 * Refuses what no program can be started with, wherever it is started.
 *
 * @throws ShoalError INVALID_ARGUMENT that names `executable`, `args[n]` or `env.NAME`
 */
export function checkLaunchTexts({ executable, args, env }: Pick<LaunchPlan, 'executable' | 'args' | 'env'>): void {
  checkText('executable', executable);
  for (const [at, arg] of args.entries()) checkText(`args[${at}]`, arg);
  for (const [name, value] of Object.entries(env)) {
    if (name === '' || /[=\0]/.test(name))
      throw invalidArgument('env', `${quote(name)} cannot be the name of a variable`);
    checkText(`env.${name}`, value);
  }
}

function checkText(field: string, text: string): void {
  if (text.includes('\0')) throw invalidArgument(field, 'must not contain a NUL character');
}
