/** Whether a version is the wanted one or newer, by its first three numbers; what comes after them is not looked at. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [numbersOf(version), numbersOf(wanted)];
  const at = need.findIndex((number, index) => number !== have[index]);
  return at === -1 || (have[at] ?? 0) > (need[at] ?? 0);
}

function numbersOf(version: string): number[] {
  const [, ...numbers] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return [0, 1, 2].map((index) => Number(numbers[index] ?? 0));
}
