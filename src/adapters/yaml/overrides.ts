import { type ConfigNode, childOf, emptyMap, type MapNode, nodeAt, toNode } from './config-node.ts';
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
      if (typeof part !== 'number')
        return `${formatPath(path.slice(0, depth))} is a list; expected an index such as [0]`;
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
  for (const [depth, part] of path.entries()) {
    const next = path[depth + 1];
    const present = childOf(parent, part);
    const useful: boolean = present?.kind === (typeof next === 'number' ? 'list' : 'map');
    const child: ConfigNode =
      next === undefined ? value : useful && present !== undefined ? present : empty(next, value.at);
    // A value of another kind that the file put in the way stays, and is reported where it stands.
    if (next !== undefined && present !== undefined && !useful && !isEmpty(present)) return undefined;
    const refused = put(parent, part, child);
    if (refused !== undefined) return refused;
    parent = nodeAt(root, path.slice(0, depth + 1)) ?? child;
  }
  return undefined;
}

function empty(next: string | number, at: SourceLocation): ConfigNode {
  return typeof next === 'number' ? { kind: 'list', at, items: [] } : emptyMap(at);
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
  if (part > length)
    return `has the index ${part} in a list of ${length}; expected at most ${length}, which adds an entry`;
  parent.items[part] = child;
  return undefined;
}
