import { type ConfigNode, childOf, type MapNode, toNode, toPlain } from './config-node.ts';
import { type ConfigPath, formatPath, quoted } from './config-path.ts';
import { ProblemList, type SourceLocation } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import type { Environment } from './default-folders.ts';
import { setAt } from './overrides.ts';
import { kindOf } from './schema-walk.ts';
import { nearest } from './suggestion.ts';
import { readYaml } from './yaml-reader.ts';

/** Two underscores: workers get their facts in `SHOAL_WORKER_ID` and the like, which are no overrides. */
const PREFIX = 'SHOAL__';
const SEPARATOR = '__';
/** What reads the tree recurses; only below a plugin's options can a path be long at all. */
const MAX_PARTS = 32;

interface Override {
  readonly name: string;
  readonly parts: readonly string[];
  readonly value: string;
}

/** Sets `SHOAL__GRPC__CLIENT__LISTEN=127.0.0.1:0` and the like over what the file says. */
export function applyEnvironment(root: MapNode, environment: Environment, problems: ProblemList): void {
  const setBy = new Map<string, string>();
  for (const { name, parts, value } of overridesIn(environment)) {
    const at: SourceLocation = { file: `environment ${name}`, line: 0, column: 0 };
    const resolved = resolvePath(root, parts);
    if (resolved.path === undefined) {
      problems.add(at, [], resolved.problem);
      continue;
    }
    const { path } = resolved;
    const key = formatPath(path);
    const refused = setBy.has(key)
      ? `is set by ${setBy.get(key)} too; expected one of them`
      : setValue(root, path, value, at, problems);
    if (refused !== undefined) problems.add(at, path, refused);
    setBy.set(key, name);
  }
}

/**
 * Reads the value as YAML, so that numbers, true and `[a, b]` are what they look like; every part of it stands at the
 * variable.
 */
function setValue(
  root: MapNode,
  path: ConfigPath,
  value: string,
  at: SourceLocation,
  problems: ProblemList,
): string | undefined {
  if (value.trim() === '') return 'is empty; expected a value, or the variable unset';
  const own = new ProblemList();
  const read = readYaml(value, at.file, own);
  for (const { message } of own.kept) problems.add(at, path, message);
  return read === undefined || own.count > 0 ? undefined : setAt(root, path, toNode(toPlain(read), at));
}

/** Sorted: a whole section comes before its keys, and the entry 9 of a list before the entry 10. */
function overridesIn(environment: Environment): Override[] {
  return Object.entries(environment)
    .flatMap(([name, value]) => {
      if (value === undefined || !name.toUpperCase().startsWith(PREFIX)) return [];
      return [{ name, parts: name.slice(PREFIX.length).split(SEPARATOR), value }];
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

type Resolved =
  | { readonly path: ConfigPath; readonly problem?: never }
  | { readonly path?: never; readonly problem: string };

/** Finds the keys that a variable's parts name, whatever their case. */
function resolvePath(root: ConfigNode, parts: readonly string[]): Resolved {
  const path: (string | number)[] = [];
  let expected = kindOf(configSchema);
  let node: ConfigNode | undefined = root;
  if (parts.length > MAX_PARTS) return { problem: `has ${parts.length} parts; expected at most ${MAX_PARTS}` };
  if (parts.includes('')) return { problem: 'has nothing between two separators; expected a key' };
  for (const [depth, part] of parts.entries()) {
    if (expected.kind === 'list') {
      if (!/^\d{1,6}$/.test(part))
        return { problem: `has ${quoted(part)} where a list has its index; expected a number such as 0` };
      path.push(Number(part));
      expected = kindOf(expected.item);
    } else if (expected.kind === 'free') {
      path.push(freeKey(node, part));
    } else {
      const keys = expected.kind === 'section' ? expected.keys : {};
      const inner = Object.hasOwn(keys, part.toLowerCase()) ? keys[part.toLowerCase()] : undefined;
      if (inner === undefined) return { problem: unknownVariable(parts, depth, Object.keys(keys)) };
      path.push(part.toLowerCase());
      expected = kindOf(inner);
    }
    node = childOf(node, path.at(-1) ?? '');
  }
  return { path };
}

function unknownVariable(parts: readonly string[], depth: number, keys: readonly string[]): string {
  const before = parts.slice(0, depth).map((part) => part.toUpperCase());
  const named = (key: string) => PREFIX + [...before, key.toUpperCase()].join(SEPARATOR);
  const near = nearest(parts[depth] ?? '', keys);
  if (near !== undefined) {
    const rest = parts.slice(depth + 1).map((part) => SEPARATOR + part.toUpperCase());
    return `names no key of the configuration; did you mean \`${named(near)}${rest.join('')}\`?`;
  }
  if (keys.length === 0)
    return `names no key of the configuration; expected nothing after ${PREFIX}${before.join(SEPARATOR)}`;
  return `names no key of the configuration; expected one of ${keys.map(named).join(', ')}`;
}

/** Below a plugin's options: a key that is there, whatever its case; else a new one, in lower case if all is upper. */
function freeKey(node: ConfigNode | undefined, part: string): string | number {
  if (node?.kind === 'list' && /^\d{1,6}$/.test(part)) return Number(part);
  const present = node?.kind === 'map' ? [...node.entries.keys()] : [];
  if (present.includes(part)) return part;
  const alike = present.find((key) => key.toLowerCase() === part.toLowerCase());
  return alike ?? (part === part.toUpperCase() ? part.toLowerCase() : part);
}
