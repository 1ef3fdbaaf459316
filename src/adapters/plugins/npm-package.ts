import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { quote } from '../../domain/ids.ts';
import { pluginProblem } from './plugin-problem.ts';

const PACKAGE =
  /^(?!.*\/\.\.?(?:\/|$))(?<name>(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?<subpath>\/[^\\]+)?$/i;

/** Conditions of an `exports` map that hold for a module that is imported. */
const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

/**
 * Finds the file of an npm package as a module in `folder` would: in `node_modules` there and above.
 *
 * @throws PluginProblem when it is not installed there
 */
export async function resolvePackage(specifier: string, folder: string): Promise<string> {
  const { name, subpath } = PACKAGE.exec(specifier)?.groups ?? {};
  if (name === undefined || isBuiltin(specifier)) {
    throw pluginProblem(
      'loads',
      `${quote(specifier)} is neither a built-in plugin, nor a path (./x.js, /x/y.js), nor the name of an npm package`,
    );
  }
  const require = createRequire(join(folder, 'shoal.yaml'));
  try {
    return require.resolve(specifier);
  } catch (err) {
    // `require.resolve` knows nothing of a package that can only be imported.
    const entry = await importOnlyEntry(name, subpath, require.resolve.paths(specifier) ?? []);
    if (entry !== undefined) return entry;
    if ((err as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      throw pluginProblem(
        'loads',
        `the package ${name} does not export ${subpath === undefined ? 'anything' : `.${subpath}`}`,
      );
    }
    throw pluginProblem(
      'loads',
      `no npm package ${quote(specifier)} is installed in ${folder}; run "npm install ${name}" there`,
    );
  }
}

async function importOnlyEntry(
  name: string,
  subpath: string | undefined,
  folders: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const target = exportTarget(JSON.parse(text), `.${subpath ?? ''}`);
    return target === undefined ? undefined : join(folder, name, target);
  }
  return undefined;
}

function exportTarget(manifest: unknown, subpath: string): string | undefined {
  const { exports } = manifest as { exports?: unknown };
  const isMap =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'));
  const target = isMap ? (exports as Record<string, unknown>)[subpath] : subpath === '.' ? exports : undefined;
  return conditionTarget(target);
}

/** The first condition that holds, in the order of the package, as Node does it. */
function conditionTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') ? target : undefined;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (!CONDITIONS.includes(condition)) continue;
    const found = conditionTarget(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
