import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../adapters/system/free-port.ts';
import { createConfigSource } from '../../adapters/yaml/load-config.ts';
import { Daemon } from '../../app/daemon.ts';
import { CliError, toCliError } from '../cli-error.ts';
import type { CliHost } from '../cli-host.ts';
import { DaemonClient } from '../daemon-client.ts';
import { EXIT } from '../exit-code.ts';
import type { Interrupt } from '../interrupts.ts';
import { Board } from './board.ts';
import { demoConfig } from './demo-config.ts';
import { LineReporter } from './line-reporter.ts';
import { Play } from './play.ts';
import { QuietLog } from './quiet-log.ts';
import type { Reporter } from './reporter.ts';
import { RUNS } from './scenario.ts';
import { ScreenReporter } from './screen-reporter.ts';
import { summary } from './summary.ts';

export interface DemoOptions {
  readonly nats: boolean;
  readonly lengthMs: number;
}

/** A whole Shoal in this process for a little while: daemon, workers, commands, and nothing left of it afterwards. */
export class Demo {
  readonly #host: CliHost;
  readonly #options: DemoOptions;
  readonly #log = new QuietLog();
  readonly #ending = new AbortController();
  /** Undoes what was done, last thing first. */
  readonly #undo: (() => unknown)[] = [];
  #interrupt: Interrupt | undefined;
  #crash: unknown;
  #daemon: Daemon | undefined;

  constructor(host: CliHost, options: DemoOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** @throws CliError when something did not work, or the user ended it */
  async run(): Promise<void> {
    const { interrupts } = this.#host;
    interrupts.takeOver({
      interrupted: (interrupt, count) => this.#interrupted(interrupt, count),
      crashed: (error) => {
        this.#crash ??= error;
        this.#ending.abort();
      },
    });
    const board = new Board(RUNS.map(({ id }) => id));
    try {
      await this.#perform(board);
    } catch (thrown) {
      if (this.#interrupt === undefined) this.#crash ??= thrown;
    } finally {
      for (const undo of this.#undo.reverse()) await undo();
    }
    if (this.#crash !== undefined) throw this.#failure(this.#crash);
    if (this.#interrupt === 'EPIPE') return;
    if (board.commands.length > 0) this.#host.stdout.write(`${summary(this.#host, board)}\n`);
    if (this.#interrupt !== undefined) throw new CliError(EXIT.interrupted, '');
    if (board.commands.some(({ failed }) => failed)) throw this.#failure(new CliError(EXIT.failed, 'a command failed'));
  }

  async #perform(board: Board): Promise<void> {
    const { nats, lengthMs } = this.#options;
    const folder = await mkdtemp(join(tmpdir(), 'shoal-demo-'));
    this.#undo.push(() => rm(folder, { recursive: true, force: true }));
    const address = await this.#startDaemon(folder, nats ? await freePort() : undefined);
    if (this.#ending.signal.aborted) return;
    const client = new DaemonClient(address, new AbortController().signal);
    this.#undo.push(() => client.close());
    const { message: info } = await client.call('GetInfo', {});
    const messaging = [info.messagingAdapter, info.natsServerVersion].join(' ').trim();
    const reporter = this.#reporter();
    this.#undo.push(() => reporter.end());
    reporter.begin({ address: client.address, messaging, lengthMs }, board);
    await new Play({ client, board, reporter, lengthMs, ending: this.#ending.signal }).run();
  }

  /** @returns its client address */
  async #startDaemon(folder: string, natsPort: number | undefined): Promise<string> {
    const loaded = demoConfig({ folder, natsPort });
    const daemon = new Daemon(createConfigSource(loaded), loaded.config.baseDirectory, this.#log);
    this.#daemon = daemon;
    this.#undo.push(() => daemon.stop());
    await daemon.start();
    return daemon.addresses.clients;
  }

  #reporter(): Reporter {
    const { stdout, environment } = this.#host;
    return stdout.isTTY && environment['TERM'] !== 'dumb'
      ? new ScreenReporter(this.#host)
      : new LineReporter(this.#host);
  }

  /** First the tidy way; whoever asks again does not want to wait for workers. */
  #interrupted(interrupt: Interrupt, count: number): void {
    this.#interrupt ??= interrupt;
    this.#ending.abort();
    if (count === 1 || this.#daemon === undefined) return;
    void this.#daemon.stop();
    void this.#daemon.stop();
  }

  /** With what the daemon had to say meanwhile, which nobody has seen. */
  #failure(thrown: unknown): CliError {
    const { exitCode, message, hint } = toCliError(thrown);
    const lines = hint === undefined ? this.#log.lines : [...this.#log.lines, hint];
    return new CliError(exitCode, message, lines.length === 0 ? { cause: thrown } : { hint: lines.join('\n') });
  }
}
