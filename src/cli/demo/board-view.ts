import { type Style, stateStyle } from '../style.ts';
import { type Column, formatTable } from '../table.ts';
import { sparkline } from './ansi.ts';
import type { Board, BoardCommand, BoardRow } from './board.ts';

const number = new Intl.NumberFormat('en');

/** The table of the runs; `sparks` adds how their events came in. */
export function boardTable(style: Style, board: Board, { sparks }: { sparks: boolean }): string {
  const max = Math.max(...board.rows.flatMap(({ history }) => history), 1);
  const columns: Column<BoardRow>[] = [
    { title: 'SIMULATION', of: ({ id }) => id, style: style.bold },
    { title: 'STATE   ', of: ({ state }) => state, style: (text, { state }) => stateStyle(style, state)(text) },
    { title: '  TICK', of: ({ tick }) => number.format(tick), align: 'right' },
    { title: 'AGENTS', of: ({ agents }) => (agents === undefined ? '' : String(agents)), align: 'right' },
    { title: '  EVENTS', of: ({ events }) => number.format(events), align: 'right' },
  ];
  const live: Column<BoardRow>[] = [
    { title: 'EVENTS/S', of: ({ eventsPerSecond }) => number.format(eventsPerSecond), align: 'right' },
    { title: '', of: ({ history }) => sparkline(history, max), style: style.cyan },
  ];
  return formatTable(style, sparks ? [...columns, ...live] : columns, board.rows);
}

/** `4.0 s  shoal pause lagoon    PAUSED at tick 77, 3 ms` */
export function commandLine(style: Style, { atMs, text, outcome, failed }: BoardCommand): string {
  const told = outcome === undefined ? style.dim('…') : failed ? style.red(outcome) : style.green(outcome);
  return `${style.dim(seconds(atMs).padStart(6))}  ${text.padEnd(COMMAND_WIDTH)}  ${told}`;
}

/** One line for a pipe: every run in brief. */
export function statusLine(board: Board): string {
  return board.rows
    .map(({ id, state, tick, eventsPerSecond, agents }) => {
      const population = agents === undefined ? '' : `, ${agents} agents`;
      return `${id} ${state} tick ${tick}, ${number.format(eventsPerSecond)} events/s${population}`;
    })
    .join(' | ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const COMMAND_WIDTH = 46;
