import { z } from 'zod';
import { quote } from '../../domain/ids.ts';
import { PLUGIN_API_VERSION } from '../../plugin/plugin.ts';
import type { AnyPlugin } from './any-plugin.ts';
import { pluginProblem } from './plugin-problem.ts';
import { checkShape } from './shape-check.ts';

const pluginShape = z.looseObject({
  name: z.string(),
  version: z.string().max(128).optional(),
  description: z.string().max(4096),
  optionsSchema: z.record(z.string(), z.unknown()),
  describe: z.custom((value) => typeof value === 'function', 'must be a function'),
});

/** What a line of a log or a table can show. */
const NAME = /^[^\s\p{C}](?:[^\p{C}]{0,126}[^\s\p{C}])?$/u;

/** Finds the plugin among what a module exports. @throws PluginProblem when there is none */
export function exportedPlugin(module: Record<string, unknown>): unknown {
  const { default: exported, plugin } = module;
  // A CommonJS module that was compiled from a default export has it one level deeper.
  const { default: innerDefault, plugin: innerPlugin } = isObject(exported) ? exported : {};
  const candidates = [exported, plugin, innerDefault, innerPlugin];
  const found = candidates.find((each) => isObject(each) && 'apiVersion' in each) ?? exported ?? plugin;
  if (isObject(found)) return found;
  throw pluginProblem('loads', 'it exports no plugin; make it the default export, or export it as "plugin"');
}

/** @throws PluginProblem that names what is missing or wrong in what the module exports */
export function checkPlugin(exported: unknown): asserts exported is AnyPlugin {
  checkVersion(exported);
  checkShape('plugin-shape', pluginShape, exported, 'it');
  const { name } = exported as AnyPlugin;
  if (NAME.test(name)) return;
  throw pluginProblem(
    'plugin-name',
    `name: ${quote(name)} must be 1 to 128 printable characters, without spaces around`,
  );
}

function checkVersion(plugin: unknown): void {
  const { apiVersion } = isObject(plugin) ? plugin : {};
  if (apiVersion === PLUGIN_API_VERSION) return;
  if (apiVersion === undefined)
    throw pluginProblem('api-version', `it has no apiVersion; this Shoal speaks plugin API ${PLUGIN_API_VERSION}`);
  const newer = typeof apiVersion === 'number' && apiVersion > PLUGIN_API_VERSION;
  throw pluginProblem(
    'api-version',
    `it speaks plugin API ${quote(String(apiVersion))}, this Shoal speaks ${PLUGIN_API_VERSION}; install ${newer ? 'a newer Shoal or an older plugin' : 'a newer version of the plugin'}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
