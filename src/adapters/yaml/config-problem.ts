import { ShoalError } from '../../domain/shoal-error.ts';
import { type ConfigPath, formatPath, printable } from './config-path.ts';

/** Where a piece of configuration was written. */
export interface SourceLocation {
  /** A file as it was named, `environment SHOAL__…`, or `override`. */
  readonly file: string;
  /** From 1, as is `column`; both are 0 where there are no lines: the environment, a file that cannot be read. */
  readonly line: number;
  /** In UTF-16 units, as editors count. */
  readonly column: number;
}

/** One thing that is wrong with a configuration. */
export interface ConfigProblem extends SourceLocation {
  /** E.g. `worker_types[0].limits.max_workers`; empty when it concerns the whole text. */
  readonly path: string;
  /** What is wrong; what is expected. */
  readonly message: string;
}

const MAX_MESSAGE = 2000;

export function problemAt({ file, line, column }: SourceLocation, path: ConfigPath, message: string): ConfigProblem {
  const cut = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  return { file: printable(file), line, column, path: formatPath(path), message: printable(cut) };
}

/** `file:line:column path: what is wrong; what is expected` */
export function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  const where = line === 0 ? file : `${file}:${line}:${column}`;
  return path === '' ? `${where}: ${message}` : `${where} ${path}: ${message}`;
}

/** A hostile file can hold hundreds of thousands of mistakes; beyond this they are counted only. */
const MAX_KEPT = 1000;
/** And a person reads the first few. */
const MAX_LISTED = 100;

/** Collects what is wrong with one configuration, from all that look at it. */
export class ProblemList {
  readonly #kept: ConfigProblem[] = [];
  #count = 0;

  /** The first of them, worded. */
  get kept(): readonly ConfigProblem[] {
    return this.#kept;
  }

  get count(): number {
    return this.#count;
  }

  add(at: SourceLocation, path: ConfigPath, message: string): void {
    this.#count += 1;
    if (this.#kept.length < MAX_KEPT) this.#kept.push(problemAt(at, path, message));
  }

  /** For mistakes that are not even worth wording: see {@link full}. */
  addUnworded(amount: number): void {
    this.#count += amount;
  }

  get full(): boolean {
    return this.#kept.length >= MAX_KEPT;
  }

  /** @throws ConfigInvalidError when there are any */
  throwAny(): void {
    if (this.#count > 0) throw new ConfigInvalidError(this.#kept, { omitted: this.#count - this.#kept.length });
  }
}

/** CONFIG_INVALID with every problem, in the order of the text. */
export class ConfigInvalidError extends ShoalError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], { omitted = 0, cause }: { omitted?: number; cause?: unknown } = {}) {
    const ordered = inOrder(problems);
    const lines = ordered.slice(0, MAX_LISTED).map(formatProblem);
    const more = omitted + Math.max(0, ordered.length - MAX_LISTED);
    if (more > 0) lines.push(`and ${more} more`);
    super('CONFIG_INVALID', lines.join('\n'), { cause });
    this.problems = ordered;
  }
}

/** By place in the file, then what came from elsewhere; the same problem found twice counts once. */
function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const line = (problem: ConfigProblem) => (problem.line === 0 ? Number.MAX_SAFE_INTEGER : problem.line);
  return [...distinct.values()].sort((a, b) => line(a) - line(b) || a.column - b.column);
}
