import { type ConfigNode, childOf, emptyMap, type MapNode, toNode } from './config-node.ts';
import { type ConfigPath, formatPath, parsePath, quoted } from './config-path.ts';
import type { ProblemList, SourceLocation } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import { unknownKey } from './schema-check.ts';
import { kindOf } from './schema-walk.ts';

/** Values by path, e.g. `grpc.client.listen`; one that is undefined is not there. */
export type ConfigOverrides = Readonly<Record<string, unknown>>;

/** Sets values given by a program (from flags, by a test) over whatever the tree holds. */
export function applyOverrides(root: MapNode, overrides: ConfigOverrides, problems: ProblemList): void {
  for (const [text, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const at: SourceLocation = { file: 'override', line: 0, column: 0 };
    const path = parsePath(text);
    const known = path === undefined ? `${quoted(text)} is no path; expected keys joined by dots` : unknownIn(path);
    if (path === undefined || known !== undefined) {
      problems.add(at, path ?? [], known ?? '');
    } else {
      const refused = setAt(root, path, toNode(value, at));
      if (refused !== undefined) problems.add(at, path, refused);
    }
  }
}

/** What is wrong with a path as far as the schema knows; below a plugin's options anything goes. */
function unknownIn(path: ConfigPath): string | undefined {
  let expected = kindOf(configSchema);
  for (const [depth, part] of path.entries()) {
    if (expected.kind === 'free') return undefined;
    if (expected.kind === 'list') {
      const list = formatPath(path.slice(0, depth));
      if (typeof part !== 'number') return `${list} is a list; expected an index such as [0]`;
      expected = kindOf(expected.item);
    } else {
      const keys = expected.kind === 'section' ? expected.keys : {};
      const inner = Object.hasOwn(keys, part) ? keys[part] : undefined;
      if (inner === undefined) return unknownKey(String(part), Object.keys(keys));
      expected = kindOf(inner);
    }
  }
  return undefined;
}

/**
 * Sets the value of `path`, making the maps and lists on the way.
 *
 * @returns why that is not possible, if it is not
 */
export function setAt(root: MapNode, path: ConfigPath, value: ConfigNode): string | undefined {
  let parent: ConfigNode = root;
  for (const [depth, part] of path.slice(0, -1).entries()) {
    const wanted = typeof path[depth + 1] === 'number' ? 'list' : 'map';
    let child = childOf(parent, part);
    if (child === undefined || isEmpty(child)) {
      // A section that nobody wrote stands where its surroundings do; an entry of a list is this value's doing.
      const at: SourceLocation = typeof part === 'number' ? value.at : parent.at;
      child = wanted === 'list' ? { kind: 'list', at, items: [] } : emptyMap(at);
      const refused = put(parent, part, child);
      if (refused !== undefined) return refused;
    }
    if (child.kind !== wanted) {
      return `cannot be set, for ${formatPath(path.slice(0, depth + 1))} is no ${wanted}; expected one there`;
    }
    parent = child;
  }
  return put(parent, path.at(-1) ?? '', value);
}

function isEmpty(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function put(parent: ConfigNode, part: string | number, child: ConfigNode): string | undefined {
  if (parent.kind === 'map') {
    const key = String(part);
    parent.entries.set(key, { keyAt: parent.entries.get(key)?.keyAt ?? child.at, node: child });
    return undefined;
  }
  if (parent.kind !== 'list' || typeof part !== 'number') return undefined;
  const { length } = parent.items;
  if (part > length) return `has the index ${part} in a list of ${length}; expected at most ${length}, to add an entry`;
  parent.items[part] = child;
  return undefined;
}
