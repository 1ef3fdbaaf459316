import type { StreamInfo } from '@nats-io/jetstream';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { KnownStream } from './known-stream.ts';

const LOOK_MS = 10_000;
/** When something is amiss. */
const LOOK_SOON_MS = 1_000;

export interface LogStreamWatchParts {
  /** Finds the stream, or makes it again. @throws ShoalError CONFIG_INVALID for one that cannot hold the log; else what cannot be known now */
  readonly find: () => Promise<StreamInfo>;
  /** It cannot hold the log, and why; undefined when it can again. */
  readonly onFault: (fault: string | undefined) => void;
  readonly log: Log;
}

/**
 * Looks whether the stream is still the one that was found at the start and can still hold the log: somebody may delete or change it,
 * and a server may come back with an empty store. Asked at once where something is amiss, else every 10 s.
 */
export class LogStreamWatch {
  readonly #parts: LogStreamWatchParts;
  readonly #known = new KnownStream();
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** It is about to look, or does. */
  #isSoon = false;
  #stopped = false;

  /** @param stream as it was found */
  constructor(stream: StreamInfo, parts: LogStreamWatchParts) {
    this.#parts = parts;
    this.#known.found(stream);
    this.#schedule(LOOK_MS);
  }

  /** Why the stream cannot hold the log. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Something hints at a stream that is gone or changed. */
  lookSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    this.#schedule(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), delayMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#isSoon = true;
    let delayMs = LOOK_MS;
    try {
      this.#found(await this.#parts.find());
    } catch (thrown) {
      delayMs = LOOK_SOON_MS;
      if (thrown instanceof ShoalError && thrown.code === 'CONFIG_INVALID') this.#noteFault(thrown.message);
    }
    this.#isSoon = false;
    this.#schedule(delayMs);
  }

  #found(stream: StreamInfo): void {
    if (this.#stopped) return;
    const { config, created, state } = stream;
    this.#noteFault(undefined, config.name);
    if (!this.#known.found(stream)) return;
    this.#parts.log.error(
      { stream: config.name, created, messages: state.messages },
      'event log stream is another one: the one before is gone with what it held; readers begin anew',
    );
  }

  #noteFault(fault: string | undefined, stream?: string): void {
    if (fault === this.#fault) return;
    const { log, onFault } = this.#parts;
    this.#fault = fault;
    if (fault === undefined) log.info({ stream }, 'event log stream can hold the log again');
    else log.error({ fault }, 'event log stream cannot hold the log any more; nothing is logged until it can');
    onFault(fault);
  }
}
