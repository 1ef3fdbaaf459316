import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quote } from '../../domain/ids.ts';
import { PLUGIN_API_VERSION } from '../../plugin/plugin.ts';
import type { AnyPlugin } from './any-plugin.ts';
import { checkPluginShape } from './descriptor-check.ts';
import { HookTimeout, runHook } from './hook.ts';
import { nearest } from './json-schema.ts';
import { resolvePackage } from './npm-package.ts';
import { messageOf, PluginProblem } from './plugin-problem.ts';

export interface PluginLoaderOptions {
  readonly builtIns: ReadonlyMap<string, AnyPlugin>;
  /** Where relative paths start and npm packages are looked for: the folder of the configuration. */
  readonly baseDirectory: string;
  readonly hookTimeoutMs: number;
}

/** Finds plugins by what `worker_types[].plugin` says. Loading runs the plugin's own code. */
export class PluginLoader {
  readonly #options: PluginLoaderOptions;

  constructor(options: PluginLoaderOptions) {
    this.#options = options;
  }

  /** @throws PluginProblem that says what is wrong and what to do */
  async load(specifier: string): Promise<AnyPlugin> {
    const builtIn = this.#options.builtIns.get(specifier);
    const plugin = builtIn ?? (await this.#import(await this.#locate(specifier)));
    checkVersion(plugin);
    checkPluginShape(plugin);
    return plugin as AnyPlugin;
  }

  async #locate(specifier: string): Promise<string> {
    const { baseDirectory, builtIns } = this.#options;
    if (specifier.startsWith('./') || specifier.startsWith('../') || isAbsolute(specifier)) {
      return locateFile(resolve(baseDirectory, specifier));
    }
    const names = [...builtIns.keys()];
    const meant = nearest(specifier, names);
    try {
      return await resolvePackage(specifier, baseDirectory);
    } catch (err) {
      // Whoever mistyped a built-in name is not told to install a stranger's package of that name.
      if (meant !== '') throw new PluginProblem(`there is no plugin of that name${meant}`);
      throw new PluginProblem(`${messageOf(err)}; built in: ${names.join(', ')}`, err);
    }
  }

  async #import(path: string): Promise<unknown> {
    try {
      const module = await runHook(
        this.#options.hookTimeoutMs,
        () => import(/* @vite-ignore */ pathToFileURL(path).href),
      );
      return exportedPlugin(module as Record<string, unknown>);
    } catch (err) {
      if (err instanceof PluginProblem) throw err;
      throw new PluginProblem(`${path} cannot be loaded: ${importAdvice(err) ?? messageOf(err)}`, err);
    }
  }
}

async function locateFile(path: string): Promise<string> {
  const found = await stat(path).catch((err: NodeJS.ErrnoException) => err);
  if (found instanceof Error) {
    throw new PluginProblem(
      found.code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${found.code})`,
    );
  }
  if (!found.isFile())
    throw new PluginProblem(`${path} is not a file; name the plugin's module, e.g. ${path}/plugin.js`);
  return path;
}

/** A CommonJS module that was compiled from a default export has it one level deeper. */
function exportedPlugin(module: Record<string, unknown>): unknown {
  const { default: exported, plugin } = module;
  const { default: innerDefault, plugin: innerPlugin } = isObject(exported) ? exported : {};
  const candidates = [exported, plugin, innerDefault, innerPlugin];
  const found = candidates.find((each) => isObject(each) && 'apiVersion' in each) ?? exported ?? plugin;
  if (isObject(found)) return found;
  throw new PluginProblem('it exports no plugin; make it the default export, or export it as "plugin"');
}

function checkVersion(plugin: unknown): void {
  const { apiVersion } = isObject(plugin) ? plugin : {};
  if (apiVersion === PLUGIN_API_VERSION) return;
  if (apiVersion === undefined)
    throw new PluginProblem(`it has no apiVersion; this Shoal speaks plugin API ${PLUGIN_API_VERSION}`);
  const newer = typeof apiVersion === 'number' && apiVersion > PLUGIN_API_VERSION;
  throw new PluginProblem(
    `it speaks plugin API ${quote(String(apiVersion))}, this Shoal speaks ${PLUGIN_API_VERSION}; install ${newer ? 'a newer Shoal or an older plugin' : 'a newer version of the plugin'}`,
  );
}

function importAdvice(thrown: unknown): string | undefined {
  if (thrown instanceof HookTimeout) return `${thrown.message}; a module must not wait for long at its top level`;
  switch ((thrown as NodeJS.ErrnoException | null)?.code) {
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return 'this Node does not run such files; TypeScript needs Node 22.18 or later, or compile it to JavaScript';
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return 'TypeScript does not run inside node_modules; the package must ship JavaScript';
    default:
      return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
