import { type CliHost, COMMAND } from '../cli-host.ts';
import { hasColours, styleOf } from '../style.ts';
import type { Board } from './board.ts';
import { boardTable, commandLine } from './board-view.ts';

/** What stays on the terminal: how the runs ended, what was done, and what to do next. */
export function summary(host: CliHost, board: Board): string {
  const style = styleOf(hasColours(host.stdout, host.environment));
  const { bold, dim } = style;
  const onScreen = host.stdout.isTTY;
  const table = boardTable(style, board, { sparks: false });
  const next: [string, string][] = [
    [`${COMMAND} serve`, 'a daemon to keep; Ctrl-C ends it'],
    [`${COMMAND} start fish --id reef --seed 7`, 'in a second terminal'],
    [`${COMMAND} ls`, 'what runs'],
    [`${COMMAND} events reef`, 'its events, as they come; Ctrl-C ends it'],
    [`${COMMAND} stop reef`, ''],
    [`${COMMAND} --help`, 'everything else'],
  ];
  const width = Math.max(...next.map(([command]) => command.length));
  return [
    ...indent(table.split('\n')),
    '',
    // In a pipe they have been told already.
    ...(onScreen ? [...indent(board.commands.map((command) => commandLine(style, command))), ''] : []),
    'The demo is over; its workers and its files are gone. What next:',
    '',
    ...indent(next.map(([command, what]) => `${bold(command.padEnd(width))}  ${dim(what)}`.trimEnd())),
  ].join('\n');
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
