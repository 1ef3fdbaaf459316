import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** As much of JSON Schema as describes a configuration. */
export interface JsonSchemaNode {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly not?: JsonSchemaNode;
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly items?: JsonSchemaNode;
}

/**
 * The YAML spelling as JSON Schema draft-07, which is what yaml-language-server reads. It knows keys, types, spellings
 * and defaults; ranges of durations and sizes, and what two keys mean together, only `config check` knows.
 */
export function configJsonSchema(): JsonSchemaNode {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // Noise in an editor: sections "default" to an empty map, and every whole number has the limits of a double.
      if (jsonSchema.properties !== undefined) delete jsonSchema.default;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, title: 'Shoal configuration', ...schema } as JsonSchemaNode;
}
