import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface ReportedEvent {
  readonly key: string;
  readonly hash: string;
}

export interface DoneCommand {
  readonly commandId: string;
  readonly name: string;
  /** The request id that a custom command carried; else `-`. */
  readonly request: string;
}

/** What one worker says that it did. */
export interface WorkerJournal {
  readonly simulationId: string;
  readonly incarnation: number;
  readonly workerId: string;
  readonly begunAtMs: number;
  readonly lastWrittenAtMs: number;
  /** By their numbers. */
  readonly reported: ReadonlyMap<number, ReportedEvent>;
  /** The events up to this number are acknowledged. */
  readonly acknowledged: number;
  readonly commands: readonly DoneCommand[];
  readonly hung: boolean;
  /** How it said that it ends; undefined: it did not get to say. */
  readonly ended: string | undefined;
}

export function readJournals(folder: string): WorkerJournal[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.journal'))
    .map((name) => readJournal(join(folder, name), name));
}

function readJournal(file: string, name: string): WorkerJournal {
  const [simulationId = '', incarnation = '', workerId = ''] = name.split('.');
  const reported = new Map<number, ReportedEvent>();
  const commands: DoneCommand[] = [];
  let begunAtMs = Number.NaN;
  let acknowledged = 0;
  let hung = false;
  let ended: string | undefined;
  for (const line of wholeLines(readFileSync(file, 'utf8'))) {
    const [kind, first = '', second = '', third = ''] = line.split(' ');
    if (kind === 'b') begunAtMs = Number(second);
    else if (kind === 'e') reported.set(Number(first), { key: second, hash: third });
    else if (kind === 'a') acknowledged = Number(first);
    else if (kind === 'c') commands.push({ commandId: first, name: second, request: third });
    else if (kind === 'h') hung = true;
    else if (kind === 'x') ended = first;
    else throw new Error(`${name}: not a line of a journal: ${line}`);
  }
  const lastWrittenAtMs = statSync(file).mtimeMs;
  return {
    simulationId,
    incarnation: Number(incarnation),
    workerId,
    begunAtMs,
    lastWrittenAtMs,
    reported,
    acknowledged,
    commands,
    hung,
    ended,
  };
}

/** Without a last one that SIGKILL cut off. */
function wholeLines(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}
