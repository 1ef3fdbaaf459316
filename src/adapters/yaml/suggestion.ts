import { distance } from 'fastest-levenshtein';

/** Longer words are no typing mistakes of ours, and comparing them costs the square of their length. */
const MAX_LENGTH = 64;

/** `; did you mean …?` when one of the known words is near enough to be meant, else nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

/** The known word that takes the fewest keystrokes to reach, at most a third of its length. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const plain = normal(word);
  let best: { name: string; steps: number } | undefined;
  for (const name of known) {
    const steps = swapped(plain, normal(name)) ? 1 : distance(plain, normal(name));
    if (steps <= Math.max(1, Math.floor(name.length / 3)) && steps < (best?.steps ?? Number.POSITIVE_INFINITY)) {
      best = { name, steps };
    }
  }
  return best?.name;
}

/** The same letters in another order, which is the commonest slip and counts as two otherwise: `grcp`. */
function swapped(word: string, name: string): boolean {
  return word.length === name.length && [...word].sort().join('') === [...name].sort().join('');
}

/** `maxWorkers`, `max-workers` and `MAX_WORKERS` are all meant as `max_workers`. */
function normal(word: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}
