import type { OutputLine, WorkerExit } from '../../ports/worker-launcher.ts';
import type { Verdict } from './vigil.ts';

const QUOTED_LINES = 5;
const SPEAKS_OF_ERROR = /\b(\w*Error|error|panicked|panic|exception|fatal)\b/;
const QUOTED_CHARACTERS = 300;

/** For people: `exited 3 after 120 ms; last lines: …`. */
export function describeExit(exit: WorkerExit, lastLines: readonly OutputLine[], verdict?: Verdict): string {
  const how = howItEnded(exit);
  const why = verdict === undefined ? '' : `${verdict.message}; `;
  const lines = telling(lastLines.map(({ text }) => printable(text)).filter((line) => line.trim() !== ''));
  return `${why}${how} after ${Math.round(exit.durationMs)} ms${tail(exit, lines)}`;
}

/** What one wrote that ended unseen was read by the daemon before: that there are no lines says nothing. */
function tail({ code, signal }: WorkerExit, lines: readonly string[]): string {
  if (lines.length > 0) return `; last lines: ${lines.join(' | ')}`;
  return code === undefined && signal === undefined ? '' : '; it wrote nothing';
}

function howItEnded({ code, signal }: WorkerExit): string {
  if (signal !== undefined) return `ended by ${signal}`;
  return code === undefined ? 'ended unseen' : `exited ${code}`;
}

/** The last lines, or, where one before them speaks of an error, that one and what follows it: a runtime's traces are long. */
function telling(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => SPEAKS_OF_ERROR.test(line));
  return at < 0 || at > lines.length - QUOTED_LINES ? lines.slice(-QUOTED_LINES) : lines.slice(at, at + QUOTED_LINES);
}

/** A worker's output ends up on terminals: control bytes do not. */
function printable(text: string): string {
  const cut = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return cut.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
