import type { StreamInfo } from '@nats-io/jetstream';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';

const LOOK_MS = 10_000;
/** When something is amiss. */
const LOOK_SOON_MS = 1_000;

export interface LogStreamWatchParts {
  /** Finds the stream, or makes it again. @throws ShoalError CONFIG_INVALID for one that cannot hold the log; else what cannot be known now */
  readonly find: () => Promise<StreamInfo>;
  /** Another stream than the one before: its sequences begin anew. */
  readonly onReplaced: (stream: StreamInfo) => void;
  readonly log: Log;
}

/**
 * Looks whether the stream is still the one that was found at the start and can still hold the log: somebody may delete or change it,
 * and a server may come back with an empty store. Asked at once where something is amiss, else every 10 s.
 */
export class LogStreamWatch {
  readonly #parts: LogStreamWatchParts;
  #identity: string;
  #lastSequence: number;
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** It is about to look, or does. */
  #isSoon = false;
  #stopped = false;

  /** @param stream as it was found */
  constructor(stream: StreamInfo, parts: LogStreamWatchParts) {
    this.#parts = parts;
    this.#identity = identityOf(stream);
    this.#lastSequence = stream.state.last_seq;
    this.#schedule(LOOK_MS);
  }

  /** Of the stream; another identity is another log. */
  get identity(): string {
    return this.#identity;
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
    const { log, onReplaced } = this.#parts;
    if (this.#stopped) return;
    if (this.#fault !== undefined) log.info({ stream: stream.config.name }, 'event log stream can hold the log again');
    this.#fault = undefined;
    // A stream in memory keeps its identity when its server is restarted, and nothing else.
    const isSame = identityOf(stream) === this.#identity && stream.state.last_seq >= this.#lastSequence;
    this.#identity = identityOf(stream);
    this.#lastSequence = stream.state.last_seq;
    if (isSame) return;
    log.error(
      { stream: stream.config.name, created: stream.created, messages: stream.state.messages },
      'event log stream is another one: the one before is gone with what it held; readers begin anew',
    );
    onReplaced(stream);
  }

  #noteFault(fault: string): void {
    if (fault !== this.#fault) this.#parts.log.error({ fault }, 'event log stream cannot hold the log any more');
    this.#fault = fault;
  }
}

/** No two streams of a name are made at one time, which the server tells in nanoseconds. */
export function identityOf({ config, created }: StreamInfo): string {
  return `${config.name}@${created}`;
}
