import type { DaemonClient } from '../daemon-client.ts';
import type { Board } from './board.ts';
import type { Reporter } from './reporter.ts';

const REFRESH_MS = 125;

/** Keeps a board up to date, by the calls that any client has, and its reporter showing it. */
export class BoardFeed {
  readonly #client: DaemonClient;
  readonly #board: Board;
  readonly #reporter: Reporter;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(client: DaemonClient, board: Board, reporter: Reporter) {
    this.#client = client;
    this.#board = board;
    this.#reporter = reporter;
  }

  /** Since the feed was made. */
  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  start(): void {
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS);
    // Ends with its daemon; what it has shown by then is all there is to show.
    this.#watchEvents().catch(() => {});
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
    await this.refresh();
  }

  /** Asks for the records and shows them; one at a time. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readRecords().finally(() => {
      this.#refreshing = undefined;
      this.#reporter.show(this.elapsedMs);
    });
    return this.#refreshing;
  }

  async #readRecords(): Promise<void> {
    const page = await this.#client.call('ListSimulations', {}).catch(() => undefined);
    for (const simulation of page?.message.simulations ?? []) this.#board.record(simulation, performance.now());
  }

  async #watchEvents(): Promise<void> {
    for await (const { message } of this.#client.stream('SubscribeToEvents', { newOnly: true })) {
      if (message.event !== null) this.#board.event(message.event);
    }
  }
}
