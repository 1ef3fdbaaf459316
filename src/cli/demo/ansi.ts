// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const SEQUENCE = /\x1b\[[0-9;]*m/y;

/** A styled line cut to so many columns; sequences take none, and are all kept so that a style that began also ends. */
export function cutToWidth(line: string, columns: number): string {
  let cut = '';
  let width = 0;
  for (let at = 0; at < line.length; ) {
    SEQUENCE.lastIndex = at;
    const [sequence] = SEQUENCE.exec(line) ?? [];
    if (sequence !== undefined) {
      cut += sequence;
      at += sequence.length;
    } else {
      if (width < columns) cut += line[at];
      width += 1;
      at += 1;
    }
  }
  return cut;
}

const BARS = '▁▂▃▄▅▆▇█';

/** One bar for each value, `max` being the highest. */
export function sparkline(values: readonly number[], max: number): string {
  return values
    .map((value) => BARS[max === 0 ? 0 : Math.round((Math.max(0, value) / max) * (BARS.length - 1))] ?? '')
    .join('');
}
