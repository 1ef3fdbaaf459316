/** A copy that lacks these keys. */
export function without<Whole extends object, Key extends keyof Whole>(
  whole: Whole,
  ...keys: readonly Key[]
): Omit<Whole, Key> {
  const rest: Partial<Whole> = { ...whole };
  for (const key of keys) delete rest[key];
  return rest as Omit<Whole, Key>;
}
