import type { z } from 'zod';
import { type ConfigNode, nodeAt, toPlain } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';
import { configSchema } from './config-schema.ts';
import { kindOf } from './schema-walk.ts';

/** Takes a mistake, and where it is. */
export type Report = (path: ConfigPath, message: string) => void;

/** The value of a key, read and with its default; undefined when it is invalid, which has been reported already. */
export function validValue<Value>(root: ConfigNode, path: ConfigPath): Value | undefined {
  let schema: z.core.$ZodType = configSchema;
  for (const part of path) {
    const expected = kindOf(schema);
    if (expected.kind === 'section') schema = expected.keys[part] as z.core.$ZodType;
    else if (expected.kind === 'list') schema = expected.item;
  }
  const node = nodeAt(root, path);
  const result = (schema as z.ZodType).safeParse(node === undefined ? undefined : toPlain(node));
  return result.success ? (result.data as Value) : undefined;
}
