import type { z } from 'zod';

type Schema = z.core.$ZodType;

/** What a schema allows below it. */
export type SchemaKind =
  | { readonly kind: 'section'; readonly keys: Readonly<Record<string, Schema>> }
  | { readonly kind: 'list'; readonly item: Schema }
  /** A map whose keys belong to somebody else: a plugin. */
  | { readonly kind: 'free' }
  | { readonly kind: 'leaf' };

/** Looks through optional, fallback and transformation at what has to be written. */
export function kindOf(schema: Schema): SchemaKind {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'prefault':
    case 'default':
      return kindOf(def.innerType);
    case 'pipe':
      // What is read by a transformation first is written as what that makes of it.
      return kindOf((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in);
    case 'object':
      return { kind: 'section', keys: def.shape };
    case 'array':
      return { kind: 'list', item: def.element };
    case 'record':
      return { kind: 'free' };
    default:
      return { kind: 'leaf' };
  }
}
