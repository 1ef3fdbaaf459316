/** How a character looks. */
export interface CellStyle {
  readonly bold: boolean;
  readonly dim: boolean;
  /** Of the eight of SGR 30 to 37; undefined: the default. */
  readonly colour: number | undefined;
}

export interface Cell {
  readonly character: string;
  readonly style: CellStyle;
}

const PLAIN: CellStyle = { bold: false, dim: false, colour: undefined };
const BLANK: Cell = { character: ' ', style: PLAIN };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const TOKEN = /\x1b\[(\??)([0-9;]*)([A-Za-z])|\r|\n|[^\x00-\x1f]/uy;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above; the end of a chunk may be the middle of a sequence
const UNFINISHED = /^\x1b(\[\??[0-9;]*)?$/;

/**
 * As much of a terminal as the demo and a plain command need: text, colours, moving home, clearing, the alternate
 * screen. What it does not know is an error, so that it never shows something else than a terminal would.
 */
export class TerminalScreen {
  readonly columns: number;
  readonly rows: number;
  cursorVisible = true;
  /** Between the two marks of a synchronized update, when a terminal shows nothing new. */
  updating = false;
  #main: Cell[][];
  #alternate: Cell[][] | undefined;
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #style = PLAIN;
  #rest = '';

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#main = this.#blank();
  }

  get onAlternateScreen(): boolean {
    return this.#alternate !== undefined;
  }

  /** What is shown now; a copy. */
  picture(): Cell[][] {
    return this.#cells.map((row) => [...row]);
  }

  /** The same as plain text, without the blanks at the ends of lines. */
  text(): string {
    return this.#cells
      .map((row) =>
        row
          .map(({ character }) => character)
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  write(chunk: string): void {
    const text = this.#rest + chunk;
    this.#rest = '';
    for (let at = 0; at < text.length; ) {
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(text);
      if (token === null) {
        this.#rest = text.slice(at);
        if (UNFINISHED.test(this.#rest)) return;
        throw new Error(`not known to this terminal: ${JSON.stringify(this.#rest.slice(0, 20))}`);
      }
      const [whole, mark, parameters = '', final] = token;
      if (final !== undefined) this.#control(mark + final, parameters.split(';').map(Number), whole);
      else if (whole === '\r') this.#column = 0;
      else if (whole === '\n') this.#lineFeed();
      else this.#print(whole);
      at += whole.length;
    }
  }

  get #cells(): Cell[][] {
    return this.#alternate ?? this.#main;
  }

  #blank(): Cell[][] {
    return Array.from({ length: this.rows }, () => this.#blankRow());
  }

  #blankRow(): Cell[] {
    return Array.from({ length: this.columns }, () => BLANK);
  }

  #print(character: string): void {
    if (this.#column >= this.columns) {
      this.#column = 0;
      this.#lineFeed();
    }
    const row = this.#cells[this.#row];
    if (row !== undefined) row[this.#column] = { character, style: this.#style };
    this.#column += 1;
  }

  #lineFeed(): void {
    if (this.#row < this.rows - 1) {
      this.#row += 1;
      return;
    }
    this.#cells.shift();
    this.#cells.push(this.#blankRow());
  }

  #control(name: string, parameters: readonly number[], whole: string): void {
    const [first = 0, second = 0] = parameters;
    switch (name) {
      case 'm':
        for (const parameter of parameters) this.#style = restyled(this.#style, parameter, whole);
        return;
      case 'H':
        this.#row = Math.max(0, first - 1);
        this.#column = Math.max(0, second - 1);
        return;
      case 'K':
        this.#cells[this.#row]?.fill(BLANK, this.#column);
        return;
      case 'J':
        if (first === 2) for (const row of this.#cells) row.fill(BLANK);
        else {
          this.#cells[this.#row]?.fill(BLANK, this.#column);
          for (const row of this.#cells.slice(this.#row + 1)) row.fill(BLANK);
        }
        return;
      case '?h':
      case '?l':
        this.#mode(first, name === '?h', whole);
        return;
      default:
        throw new Error(`not known to this terminal: ${JSON.stringify(whole)}`);
    }
  }

  #mode(mode: number, on: boolean, whole: string): void {
    if (mode === 25) this.cursorVisible = on;
    else if (mode === 2026) this.updating = on;
    else if (mode !== 1049) throw new Error(`not known to this terminal: ${JSON.stringify(whole)}`);
    else if (on) {
      this.#saved = { row: this.#row, column: this.#column };
      this.#alternate = this.#blank();
    } else {
      this.#alternate = undefined;
      this.#row = this.#saved.row;
      this.#column = this.#saved.column;
    }
  }
}

function restyled(style: CellStyle, parameter: number, whole: string): CellStyle {
  if (parameter === 0) return PLAIN;
  if (parameter === 1) return { ...style, bold: true };
  if (parameter === 2) return { ...style, dim: true };
  if (parameter === 22) return { ...style, bold: false, dim: false };
  if (parameter === 39) return { ...style, colour: undefined };
  if (parameter >= 30 && parameter <= 37) return { ...style, colour: parameter - 30 };
  throw new Error(`not known to this terminal: ${JSON.stringify(whole)}`);
}
