import { printable } from '../adapters/yaml/config-path.ts';
import type { Style } from './style.ts';

/** A column: its title, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  readonly align?: 'right';
  /** Applied to the padded text, which keeps its width. */
  readonly style?: (text: string, row: Row) => string;
}

const GAP = '  ';

/** Columns as wide as what is in them; what others wrote is made printable. */
export function formatTable<Row>(style: Style, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => printable(column.of(row))));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const padded = (text: string, at: number): string => {
    const width = widths[at] ?? 0;
    if (columns[at]?.align === 'right') return text.padStart(width);
    return at === columns.length - 1 ? text : text.padEnd(width);
  };
  const head = columns.map(({ title }, at) => padded(title, at)).join(GAP);
  const body = rows.map((row, index) =>
    columns
      .map((column, at) => {
        const text = padded(cells[index]?.[at] ?? '', at);
        return column.style?.(text, row) ?? text;
      })
      .join(GAP)
      .trimEnd(),
  );
  return [style.dim(head.trimEnd()), ...body].join('\n');
}

/** `name: value` lines, for one thing with many facts. */
export function formatFacts(style: Style, facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 1;
  return facts.map(([name, value]) => `${style.dim(`${name}:`.padEnd(width))} ${printable(value)}`).join('\n');
}
