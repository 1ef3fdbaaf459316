import type { z } from 'zod';
import { type ConfigNode, locate, nodeAt, toPlain } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';
import type { ProblemList } from './config-problem.ts';
import { kindOf } from './schema-walk.ts';
import { suggestion } from './suggestion.ts';

type Schema = z.core.$ZodType;

/** Checks the whole tree against the schema; undefined when there were problems, all of which have been added. */
export function checkSchema<S extends z.ZodType>(
  schema: S,
  root: ConfigNode,
  problems: ProblemList,
): z.output<S> | undefined {
  const before = problems.count;
  dropUnknownKeys(schema, root, [], problems);
  const result = schema.safeParse(toPlain(root));
  for (const issue of result.error?.issues ?? []) {
    if (problems.full) {
      problems.addUnworded(1);
      continue;
    }
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    const node = nodeAt(root, path);
    if (node?.kind === 'scalar' && node.refused) continue;
    problems.add(locate(root, path), path, issue.message);
  }
  return problems.count === before ? result.data : undefined;
}

/**
 * Reports unknown keys with the known one that was probably meant, and takes them out of the tree, so that the rest of
 * their map is still checked.
 */
function dropUnknownKeys(schema: Schema, node: ConfigNode, path: ConfigPath, problems: ProblemList): void {
  const expected = kindOf(schema);
  if (expected.kind === 'list' && node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      dropUnknownKeys(expected.item, item, [...path, index], problems);
    }
  }
  if (expected.kind !== 'section' || node.kind !== 'map') return;
  const known = Object.keys(expected.keys);
  for (const [key, entry] of node.entries) {
    const inner = Object.hasOwn(expected.keys, key) ? expected.keys[key] : undefined;
    if (inner === undefined) {
      node.entries.delete(key);
      if (problems.full) problems.addUnworded(1);
      else problems.add(entry.keyAt, [...path, key], unknownKey(key, known));
    } else {
      dropUnknownKeys(inner, entry.node, [...path, key], problems);
    }
  }
}

export function unknownKey(key: string, known: readonly string[]): string {
  if (known.length === 0) return 'is not a known key; expected nothing below its value';
  return `is not a known key${suggestion(key, known) || `; expected one of ${known.join(', ')}`}`;
}
