import type { ConfigPath } from './config-path.ts';
import type { SourceLocation } from './config-problem.ts';

/** A configuration before it is checked: plain values that remember where they were written. */
export type ConfigNode = ScalarNode | MapNode | ListNode;

interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: SourceLocation;
  readonly value: string | number | boolean | null;
  /** What stood here has been reported; whatever a schema says of the null in its place is noise. */
  readonly refused?: true;
}

export interface MapNode {
  readonly kind: 'map';
  readonly at: SourceLocation;
  /** A `Map`, in which `__proto__` is a key like any other. */
  readonly entries: Map<string, MapEntry>;
}

export interface MapEntry {
  readonly keyAt: SourceLocation;
  readonly node: ConfigNode;
}

interface ListNode {
  readonly kind: 'list';
  readonly at: SourceLocation;
  readonly items: ConfigNode[];
}

export function emptyMap(at: SourceLocation): MapNode {
  return { kind: 'map', at, entries: new Map() };
}

/** Objects without a prototype, lists, scalars: what a schema checks. */
export function toPlain(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) plain[key] = toPlain(entry.node);
  return plain;
}

/** Plain data as nodes that all stand at one place; anything that is no data (a function, a bigint) becomes its text. */
export function toNode(value: unknown, at: SourceLocation): ConfigNode {
  if (Array.isArray(value)) return { kind: 'list', at, items: value.map((item) => toNode(item, at)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, { keyAt: at, node: toNode(item, at) }] as const);
    return { kind: 'map', at, entries: new Map(entries) };
  }
  if (value === undefined || value === null) return { kind: 'scalar', at, value: null };
  const data = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', at, value: data ? value : String(value) };
}

export function childOf(node: ConfigNode | undefined, part: string | number): ConfigNode | undefined {
  if (node?.kind === 'map') return node.entries.get(String(part))?.node;
  return node?.kind === 'list' && typeof part === 'number' ? node.items[part] : undefined;
}

export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  return path.reduce<ConfigNode | undefined>(childOf, root);
}

/** Where the value of `path` is written; for one that is not, the nearest map or list around it. */
export function locate(root: ConfigNode, path: ConfigPath): SourceLocation {
  let node = root;
  for (const part of path) {
    const next = childOf(node, part);
    if (next === undefined) return node.at;
    node = next;
  }
  return node.at;
}
