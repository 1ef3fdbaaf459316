import type { JsonSchemaNode } from '../../../src/adapters/yaml/config-json-schema.ts';

export interface SchemaKey {
  /** E.g. `worker_types[].limits.max_workers`. */
  readonly path: string;
  readonly node: JsonSchemaNode;
}

/** Every key that a JSON Schema knows by name, outermost first. */
export function schemaKeys(node: JsonSchemaNode, path = ''): SchemaKey[] {
  const below = Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    return [{ path: key, node: inner }, ...schemaKeys(inner, key)];
  });
  return node.items === undefined ? below : [...below, ...schemaKeys(node.items, `${path}[]`)];
}
