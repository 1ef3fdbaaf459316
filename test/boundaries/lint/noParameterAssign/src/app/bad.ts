export function bad(n: number): number {
  n += 1;
  return n;
}
