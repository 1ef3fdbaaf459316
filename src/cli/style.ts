import type { SimulationState } from '../domain/simulation/simulation-state.ts';

/** Colours and weights, or none of them. */
export interface Style {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/** On a terminal that knows them, unless NO_COLOR asks for none: https://no-color.org */
export function hasColours(
  stream: { readonly isTTY?: boolean },
  { NO_COLOR = '', TERM = '' }: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}

export function styleOf(colours: boolean): Style {
  const code =
    (on: number, off: number) =>
    (text: string): string =>
      colours && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    dim: code(2, 22),
    bold: code(1, 22),
    cyan: code(36, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    red: code(31, 39),
  };
}

/** A state in the colour that says whether to look closer. */
export function stateStyle(style: Style, state: SimulationState | undefined): (text: string) => string {
  if (state === 'RUNNING') return style.green;
  if (state === 'FAILED' || state === 'LOST') return style.red;
  if (state === 'STOPPED' || state === 'COMPLETED') return style.dim;
  return style.yellow;
}
