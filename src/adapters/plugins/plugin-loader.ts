import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quote } from '../../domain/ids.ts';
import type { AnyPlugin } from './any-plugin.ts';
import { checkPlugin, exportedPlugin } from './exported-plugin.ts';
import { HookTimeout, runHook } from './hook.ts';
import { nearest } from './json-schema.ts';
import { resolvePackage } from './npm-package.ts';
import { messageOf, PluginProblem, pluginProblem } from './plugin-problem.ts';

export interface PluginLoaderOptions {
  readonly builtIns: ReadonlyMap<string, AnyPlugin>;
  /** Where relative paths start and npm packages are looked for: the folder of the configuration. */
  readonly baseDirectory: string;
  readonly hookTimeoutMs: number;
}

/** Names that look like files and not like addresses. */
const MODULE = /^(?!.*(?:\.\.|:)).*\.[cm]?[jt]s$/;

/** Finds plugins by what `worker_types[].plugin` says. Loading runs the plugin's own code. */
export class PluginLoader {
  readonly #options: PluginLoaderOptions;

  constructor(options: PluginLoaderOptions) {
    this.#options = options;
  }

  /** @throws PluginProblem that says what is wrong and what to do */
  async load(specifier: string): Promise<AnyPlugin> {
    const { builtIns } = this.#options;
    const plugin: unknown = builtIns.has(specifier)
      ? builtIns.get(specifier)
      : await this.#import(await this.#locate(specifier));
    checkPlugin(plugin);
    return plugin;
  }

  async #locate(specifier: string): Promise<string> {
    const { baseDirectory, builtIns } = this.#options;
    if (specifier.startsWith('./') || specifier.startsWith('../') || isAbsolute(specifier)) {
      return locateFile(resolve(baseDirectory, specifier));
    }
    const names = [...builtIns.keys()];
    try {
      return await resolvePackage(specifier, baseDirectory);
    } catch (err) {
      // Whoever mistyped a path, or a built-in name, is not told to install a stranger's package of that name.
      const meant = nearest(specifier, names);
      if (await isMeantAsFile(specifier, baseDirectory)) throw pluginProblem('loads', fileAdvice(specifier));
      if (meant !== '') throw pluginProblem('loads', `there is no plugin of that name${meant}`);
      throw pluginProblem('loads', [messageOf(err), ...builtInAdvice(names)].join('; '), err);
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
      throw pluginProblem('loads', `${path} cannot be loaded: ${importAdvice(err) ?? messageOf(err)}`, err);
    }
  }
}

async function locateFile(path: string): Promise<string> {
  const found = await stat(path).catch((err: NodeJS.ErrnoException) => err);
  if (found instanceof Error) {
    throw pluginProblem(
      'loads',
      found.code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${found.code})`,
    );
  }
  if (!found.isFile())
    throw pluginProblem('loads', `${path} is not a file; name the plugin's module, e.g. ${path}/plugin.js`);
  return path;
}

async function isMeantAsFile(specifier: string, baseDirectory: string): Promise<boolean> {
  if (MODULE.test(specifier)) return true;
  const found = await stat(resolve(baseDirectory, specifier)).catch(() => undefined);
  return found?.isFile() === true;
}

function fileAdvice(specifier: string): string {
  return `no npm package ${quote(specifier)} is installed; a file is named by its path: ${quote(`./${specifier}`)}`;
}

function builtInAdvice(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`built in: ${names.join(', ')}`];
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
