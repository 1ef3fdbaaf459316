import type { Cell, CellStyle } from './terminal-screen.ts';

export interface Frame {
  readonly atMs: number;
  readonly picture: readonly (readonly Cell[])[];
}

const CELL = { width: 8.4, height: 18, font: 14 };
const PADDING = 16;
const BACKGROUND = '#10141c';
const FOREGROUND = '#d7dce5';
/** SGR 30 to 37. */
const COLOURS = ['#3b4252', '#ff6b6b', '#8ce99a', '#ffd43b', '#74a9ff', '#d0a0ff', '#66d9e8', FOREGROUND];

/**
 * Pictures of a terminal as one SVG that plays them in a circle: a strip of frames, moved past a window. Lines that look
 * the same are drawn once.
 *
 * @param frames in order; the last is shown until `endMs`
 */
export function svgAnimation(frames: readonly Frame[], endMs: number, title: string): string {
  const [first] = frames;
  if (first === undefined) throw new Error('there is nothing to show');
  const rows = first.picture.length;
  const columns = first.picture[0]?.length ?? 0;
  const width = Math.ceil(columns * CELL.width + 2 * PADDING);
  const height = rows * CELL.height + 2 * PADDING;
  const lines = new Map<string, string>();
  const strip = frames.map(({ picture }, at) => frameMarkup(picture, at * height, lines));
  const steps = frames.map(
    ({ atMs }, at) => `${percent(atMs - first.atMs, endMs - first.atMs)}{transform:translateY(${-at * height}px)}`,
  );
  const last = `transform:translateY(${-(frames.length - 1) * height}px)`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    `text{font:${CELL.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${FOREGROUND}}`,
    '.b{font-weight:bold}.d{opacity:.6}',
    ...COLOURS.map((colour, at) => `.c${at}{fill:${colour}}`),
    `.strip{animation:play ${((endMs - first.atMs) / 1000).toFixed(1)}s step-end infinite}`,
    `@keyframes play{${steps.join('')}100%{${last}}}`,
    `@media(prefers-reduced-motion:reduce){.strip{animation:none;${last}}}`,
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<defs><clipPath id="window"><rect width="${width}" height="${height}"/></clipPath>`,
    `${[...lines].map(([markup, id]) => `<g id="${id}">${markup}</g>`).join('')}</defs>`,
    `<g clip-path="url(#window)"><g class="strip">${strip.join('')}</g></g>`,
    '</svg>',
    '',
  ].join('\n');
}

function frameMarkup(picture: readonly (readonly Cell[])[], top: number, lines: Map<string, string>): string {
  return picture
    .map((row, at) => {
      const markup = lineMarkup(row);
      if (markup === '') return '';
      const id = lines.get(markup) ?? `l${lines.size}`;
      lines.set(markup, id);
      return `<use href="#${id}" x="${PADDING}" y="${top + PADDING + at * CELL.height + CELL.font}"/>`;
    })
    .join('');
}

/** One text for each run of cells that look the same; its length is set, so that columns align whatever font there is. */
function lineMarkup(row: readonly Cell[]): string {
  let markup = '';
  for (let from = 0; from < row.length; ) {
    const style = row[from]?.style;
    let to = from;
    while (to < row.length && sameStyle(row[to]?.style, style)) to += 1;
    const text = row.slice(from, to).map(({ character }) => character);
    if (style !== undefined) markup += runMarkup(text.join(''), from, classes(style));
    from = to;
  }
  return markup;
}

/** Blanks are left out rather than drawn: not every viewer keeps more than one of them. */
function runMarkup(text: string, column: number, attributes: string): string {
  return [...text.matchAll(/\S+(?: \S+)*/g)]
    .map(({ 0: words, index }) => {
      const x = ((column + index) * CELL.width).toFixed(1);
      const length = (words.length * CELL.width).toFixed(1);
      return `<text x="${x}" textLength="${length}"${attributes}>${escaped(words)}</text>`;
    })
    .join('');
}

function classes({ bold, dim, colour }: CellStyle): string {
  const names = [bold ? 'b' : '', dim ? 'd' : '', colour === undefined ? '' : `c${colour}`].filter(
    (name) => name !== '',
  );
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

function sameStyle(a: CellStyle | undefined, b: CellStyle | undefined): boolean {
  return a?.bold === b?.bold && a?.dim === b?.dim && a?.colour === b?.colour;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)}%`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
