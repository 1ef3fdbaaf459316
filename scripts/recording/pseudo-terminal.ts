import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PseudoTerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Hears everything that is written to the terminal, as it comes. */
  readonly onOutput: (text: string) => void;
}

/** A program on a terminal of its own, by script(1) of util-linux. */
export class PseudoTerminal {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(command: readonly string[], { columns, rows, environment, onOutput }: PseudoTerminalOptions) {
    const line = `stty rows ${rows} cols ${columns}; exec ${command.map(quoted).join(' ')}`;
    this.#child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const decoder = new TextDecoder();
    this.#child.stdout?.on('data', (bytes: Buffer) => onOutput(decoder.decode(bytes, { stream: true })));
    this.#child.stdin?.on('error', () => {});
    this.#exited = once(this.#child, 'close').then(([exitCode]) => exitCode);
  }

  /** As if it were typed; `\x03` is Ctrl-C. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** @returns its exit code */
  exited(): Promise<number | null> {
    return this.#exited;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
