import { z } from 'zod';
import { explain } from './leaf-schemas.ts';

/** A map of known keys that may be left out as a whole. */
export function section<const Shape extends z.core.$ZodLooseShape>(meaning: string, shape: Shape, orElse = '') {
  const keys = Object.keys(shape);
  const object = z.strictObject(shape, explain(`a map of ${keys.join(', ')}${orElse}`));
  // Every key of a section has a fallback or is optional, which the type of a generic shape cannot say.
  return object.prefault({} as z.input<typeof object>).describe(meaning);
}

export function list<Item extends z.ZodType>(meaning: string, item: Item, { max }: { max: number }) {
  const error = explain(`a list of at most ${max} entries`);
  return z
    .array(item, error)
    .max(max, { error: ({ input }) => `has ${(input as unknown[]).length} entries; expected at most ${max}` })
    .prefault([])
    .describe(meaning);
}
