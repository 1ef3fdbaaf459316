import type { BenchReport, LatencyFigure, RateFigure } from '../figures.ts';

const WIDTH = 860;
const LABEL_WIDTH = 270;
const ROW_HEIGHT = 18;
const HEAD_HEIGHT = 58;
const PANEL_GAP = 24;
const RIGHT_MARGIN = 70;

/** Legible on light and on dark pages. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  .tick, .value { fill: #6e7781; font-size: 11px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .reach { stroke: #afb8c1; stroke-width: 2 }
  .bound { fill: none; stroke: #8250df; stroke-width: 2 }
  .own { fill: #0969da }
  .far { fill: none; stroke: #0969da; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .tick, .value { fill: #8b949e } .grid { stroke: #30363d } .reach { stroke: #484f58 }
    .bound { stroke: #bc8cff } .own { fill: #58a6ff } .far { stroke: #58a6ff }
  }`;

/** One line of a panel, its values in the panel's unit. */
interface Row {
  readonly label: string;
  readonly own: number;
  /** A second value of its own: p99 beside p50. */
  readonly far?: number;
  readonly bounds: readonly number[];
  readonly text: string;
}

/** The figures of a run as an SVG image: a dot for each, and a ring for what bounds it, on logarithmic axes. */
export function chartOf({ figures, at, machine }: BenchReport): string {
  const rates = figures.filter((figure): figure is RateFigure => figure.kind === 'rate');
  const latencies = figures.filter((figure): figure is LatencyFigure => figure.kind === 'latency');
  const rateOf = new Map(rates.map(({ name, best }) => [name, best.perSecond]));
  const p50Of = new Map(latencies.map(({ name, latencies: { p50 } }) => [name, p50]));
  const rateRows = rates.filter(isOurs).map(
    ({ name, best, ofCeilings }): Row => ({
      label: name,
      own: best.perSecond,
      bounds: ofCeilings.flatMap(({ ceiling }) => rateOf.get(ceiling) ?? []),
      text: Math.round(best.perSecond).toLocaleString('en'),
    }),
  );
  const latencyRows = latencies.filter(isOurs).map(
    ({ name, latencies: { p50, p99 }, ofCeilings }): Row => ({
      label: name,
      own: p50,
      far: p99,
      bounds: ofCeilings.flatMap(({ ceiling }) => p50Of.get(ceiling) ?? []),
      text: `${p50.toFixed(2)} / ${p99.toFixed(1)}`,
    }),
  );
  const { panels, height } = stacked([
    panel('Events per second', 'dot: Shoal; ring: what bounds it, without Shoal', rateRows),
    panel('Milliseconds', 'dot: p50, blue ring: p99; violet ring: p50 of what bounds it', latencyRows),
  ]);
  const facts = `${at.slice(0, 10)}, ${machine.cores} cores of ${machine.cpu}, Node.js ${machine.node}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 24}" role="img">
<title>Figures of the bench of Shoal, ${escaped(facts)}</title>
<style>${STYLE}</style>
${panels}
<text class="tick" x="8" y="${height + 14}">${escaped(facts)}</text>
</svg>
`;
}

function isOurs({ name }: { readonly name: string }): boolean {
  return !name.startsWith('ceiling/');
}

interface Panel {
  readonly height: number;
  readonly body: string;
}

function stacked(all: readonly Panel[]): { readonly panels: string; readonly height: number } {
  let height = 0;
  const parts = all.map((each) => {
    const part = `<g transform="translate(0 ${height})">\n${each.body}\n</g>`;
    height += each.height === 0 ? 0 : each.height + PANEL_GAP;
    return part;
  });
  return { panels: parts.join('\n'), height };
}

function panel(title: string, legend: string, rows: readonly Row[]): Panel {
  if (rows.length === 0) return { height: 0, body: '' };
  const values = rows.flatMap(({ own, far, bounds }) => [own, ...(far === undefined ? [] : [far]), ...bounds]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const span = WIDTH - LABEL_WIDTH - RIGHT_MARGIN;
  const xOf = (value: number): number =>
    rounded(LABEL_WIDTH + (Math.log10(value / low) / Math.log10(high / low)) * span);
  const height = HEAD_HEIGHT + rows.length * ROW_HEIGHT;
  const grid: string[] = [];
  for (let tick = low; tick <= high * 1.001; tick *= 10) {
    const x = xOf(tick);
    grid.push(`<line class="grid" x1="${x}" x2="${x}" y1="${HEAD_HEIGHT - 12}" y2="${height}"/>`);
    grid.push(`<text class="tick" x="${x}" y="${HEAD_HEIGHT - 16}" text-anchor="middle">${tickText(tick)}</text>`);
  }
  const lines = rows.map((row, at) => rowMarks(row, HEAD_HEIGHT + at * ROW_HEIGHT + ROW_HEIGHT / 2, xOf));
  const heading = `<text class="title" x="8" y="18">${title}</text><text class="tick" x="${LABEL_WIDTH}" y="18">${legend}</text>`;
  return { height, body: [heading, ...grid, ...lines].join('\n') };
}

function rowMarks({ label, own, far, bounds, text }: Row, y: number, xOf: (value: number) => number): string {
  const xs = [own, ...(far === undefined ? [] : [far]), ...bounds].map(xOf);
  return [
    `<text x="8" y="${y + 4}">${escaped(label)}</text>`,
    `<line class="reach" x1="${Math.min(...xs)}" x2="${Math.max(...xs)}" y1="${y}" y2="${y}"/>`,
    ...bounds.map((bound) => `<circle class="bound" cx="${xOf(bound)}" cy="${y}" r="4"/>`),
    ...(far === undefined ? [] : [`<circle class="far" cx="${xOf(far)}" cy="${y}" r="4"/>`]),
    `<circle class="own" cx="${xOf(own)}" cy="${y}" r="5"/>`,
    `<text class="value" x="${WIDTH - 8}" y="${y + 4}" text-anchor="end">${text}</text>`,
  ].join('');
}

function tickText(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000} M`;
  return value >= 1_000 ? `${value / 1_000} k` : String(rounded(value));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
