/** Where a value stands in the configuration: keys, and indices of lists. */
export type ConfigPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Writes a path as people read it: `worker_types[0].limits.max_workers`; an odd key is quoted and cut. */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (PLAIN_KEY.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${quoted(part)}]`;
  }
  return text;
}

/** The reverse of {@link formatPath} for plain keys; undefined when the text is no such path. */
export function parsePath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  for (const part of text.split('.')) {
    const match = /^([A-Za-z_][A-Za-z0-9_-]*)((?:\[\d{1,6}\])*)$/.exec(part);
    if (match?.[1] === undefined) return undefined;
    path.push(match[1]);
    for (const [, index] of (match[2] ?? '').matchAll(/\[(\d+)\]/g)) path.push(Number(index));
  }
  return path;
}

const MAX_QUOTED = 60;

/** Input as part of a message: cut to a readable length, and nothing in it can steer a terminal. */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  return printable(JSON.stringify(cut));
}

/** Control bytes, marks that turn the direction of text, and line breaks, written out. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
