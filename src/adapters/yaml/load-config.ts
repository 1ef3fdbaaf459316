import { dirname, resolve } from 'node:path';
import { invariant } from '../../domain/shoal-error.ts';
import type { ConfigSnapshot, ConfigSource } from '../../ports/config-source.ts';
import { toShoalConfig } from './checked-config.ts';
import { checkTogether } from './config-checks.ts';
import { type ConfigText, decode, readConfigFile } from './config-file.ts';
import { locate, toPlain } from './config-node.ts';
import { type ConfigPath, parsePath } from './config-path.ts';
import { type ConfigProblem, formatProblem, ProblemList, problemAt } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import { defaultDataDir, type Environment } from './default-folders.ts';
import { embeddedConfigFile } from './embedded-config.ts';
import { applyEnvironment } from './environment-overrides.ts';
import { found } from './leaf-schemas.ts';
import { applyOverrides, type ConfigOverrides } from './overrides.ts';
import { checkSchema } from './schema-check.ts';
import { refuseSecrets, secretsIn } from './secret-values.ts';
import { readYaml } from './yaml-reader.ts';

export interface LoadOptions {
  /** Default: the configuration that comes with Shoal. */
  readonly file?: string | undefined;
  /** For `SHOAL__…`, `XDG_STATE_HOME` and `HOME`; usually `process.env`. Default: none. */
  readonly environment?: Environment | undefined;
  /** Win over the environment, which wins over the file. */
  readonly overrides?: ConfigOverrides | undefined;
  /** Number of the snapshot; default 1. A reload counts on. */
  readonly version?: number | undefined;
}

/** A snapshot that knows where each of its values was written. */
export interface LoadedConfig extends ConfigSnapshot {
  /** As it was named, and as problems name it. */
  readonly file: string;
  /** For what is found later, by a plugin or by a port in use: `file:line:column path: message`. */
  describe(path: ConfigPath | string, message: string): string;
  /** The same, not yet worded. */
  problemAt(path: ConfigPath, message: string): ConfigProblem;
}

/**
 * Reads, checks and freezes a configuration.
 *
 * @throws ConfigInvalidError (CONFIG_INVALID) with every problem of file, environment and overrides
 */
export function loadConfig(options: LoadOptions = {}): LoadedConfig {
  const file = options.file ?? embeddedConfigFile();
  return checkConfig(readConfigFile(file), file, options);
}

/** {@link loadConfig} for a text that is at hand: `file` is the name in problems, and its folder that of relative paths. */
export function parseConfig(text: string, file: string, options: Omit<LoadOptions, 'file'> = {}): LoadedConfig {
  return checkConfig({ text: decode(Buffer.from(text), file), isOpen: false }, file, options);
}

function checkConfig({ text, isOpen }: ConfigText, file: string, options: LoadOptions): LoadedConfig {
  const problems = new ProblemList();
  const root = readYaml(text, file, problems);
  if (root?.kind !== 'map') {
    if (root !== undefined) problems.add(root.at, [], `${found(toPlain(root))}; expected a map of keys`);
    problems.throwAny();
  }
  invariant(root?.kind === 'map', 'a text that is no map has been refused');
  const openSecrets = isOpen ? [...secretsIn(root)] : [];
  const environment = options.environment ?? {};
  applyEnvironment(root, environment, problems);
  applyOverrides(root, options.overrides ?? {}, problems);
  const parsed = checkSchema(configSchema, root, problems);
  checkTogether(root, problems);
  refuseSecrets(openSecrets, file, problems);
  const dataDir = defaultDataDir(environment);
  if (dataDir === undefined && !root.entries.has('data_dir')) {
    const message = 'is missing, and neither XDG_STATE_HOME nor HOME says where to; expected a folder';
    problems.add(root.at, ['data_dir'], message);
  }
  problems.throwAny();
  invariant(parsed !== undefined, 'a configuration without a problem has been read');

  const config = toShoalConfig(parsed, { baseDirectory: dirname(resolve(file)), defaultDataDir: dataDir ?? '' });
  const problem = (path: ConfigPath, message: string) => problemAt(locate(root, path), path, message);
  return deepFreeze({
    version: options.version ?? 1,
    config,
    file,
    describe: (where: ConfigPath | string, message: string) =>
      formatProblem(problem(typeof where === 'string' ? (parsePath(where) ?? [where]) : where, message)),
    problemAt: problem,
  });
}

/** Nothing may hold on to a configuration and change it for everybody. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

export function createConfigSource(snapshot: ConfigSnapshot): ConfigSource {
  return { current: () => snapshot };
}
