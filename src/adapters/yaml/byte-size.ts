const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** A whole number of bytes, or of a binary unit. `kB` and `MB` are left out: half of the world reads them as 1024. */
export const BYTE_SIZE = /^(\d{1,16})(B|KiB|MiB|GiB|TiB)?$/;

/** @returns bytes; undefined for what is no size or not exact as a number */
export function parseByteSize(input: number | string): number | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) && input >= 0 ? input : undefined;
  const match = BYTE_SIZE.exec(input);
  if (match === null) return undefined;
  const bytes = Number(match[1]) * UNITS[(match[2] ?? 'B') as keyof typeof UNITS];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The shortest spelling, in the largest unit that divides it; `bytes` is a whole number, not negative. */
export function formatByteSize(bytes: number): string {
  for (const [unit, size] of Object.entries(UNITS).reverse()) {
    if (bytes !== 0 && size > 1 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
